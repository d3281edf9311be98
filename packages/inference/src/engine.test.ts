import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { open, readdir, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Bundle } from "@tagsmith/model-bundle/bundle";
import type { Manifest } from "@tagsmith/model-bundle/manifest";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { describe, expect, it, vi } from "vitest";
import { eventually } from "../test/eventually.ts";
import { withService, type ServiceUnderTest } from "../test/with-service.ts";
import { engineDefaults, startEngine } from "./engine.ts";
import { ModelThread } from "./model-thread.ts";

/** A model with a run of tens of milliseconds. */
const heavy = () => tinyBundle({ burdens: 6 });

const threadsOf = ({ log }: ServiceUnderTest): unknown =>
  log.map((line) => JSON.parse(line) as Record<string, unknown>).find(({ message }) => message === "model ready")?.[
    "threads"
  ];

describe("a cheap model", () => {
  const cheap = { tuning: { engine: { inlineRunMs: 1_000 } } };

  withService("is served by the main thread where that has the only core", cheap, async (test) => {
    await test.ready();
    expect(threadsOf(test)).toBe(0);
    expect((await test.post("/api/v1/predict", { title: "python" })).status).toBe(200);
  });

  withService(
    "has one thread where there are more cores, and serves before that runs",
    { ...cheap, config: { workers: 4 } },
    async (test) => {
      await test.ready();
      expect(threadsOf(test)).toBe(1);
      const asked = vi.spyOn(ModelThread.prototype, "predict");
      const ask = async () => {
        const titles = Array.from({ length: 30 }, (_, n) => (n % 3 ? "c#" : "javascript"));
        const answers = await Promise.all(titles.map((title) => test.client.predict.mutate({ title })));
        expect(answers.map(({ tags }) => tags)).toEqual(titles.map((title) => [title]));
        return asked.mock.calls.length;
      };
      await eventually(ask).toBeGreaterThan(0);
      await ask();
      asked.mockRestore();
    },
  );

  withService(
    "that is large is served by one thread, however many there may be: each would hold all of it",
    { config: { workers: 4 }, tuning: { engine: { inlineRunMs: 1_000, inlineBytes: 0 } } },
    async (test) => {
      await test.ready();
      expect(threadsOf(test)).toBe(1);
      expect(test.service.model.current().concurrency).toBeGreaterThan(2);
      expect((await test.post("/api/v1/predict", { title: "python" })).status).toBe(200);
    },
  );
});

describe("a heavy model", () => {
  withService("lets the service answer all the while", { bundle: heavy(), config: { workers: 2 } }, async (test) => {
    await test.ready();
    expect(threadsOf(test)).toBe(2);
    let pending = 50;
    const ask = async () => {
      const { status } = await test.post("/api/v1/predict", { title: "python" });
      pending--;
      return status;
    };
    const questions = Promise.all(Array.from({ length: pending }, ask));
    let probes = 0;
    for (; pending > 0; probes++) expect((await test.get("/livez")).status).toBe(200);
    expect(new Set(await questions)).toEqual(new Set([200]));
    // On one thread with the model, a probe would wait for all the runs that stand before it.
    expect(probes).toBeGreaterThan(50);
  });

  withService(
    "answers single questions while it works on a large batch",
    { bundle: heavy(), config: { workers: 2 } },
    async (test) => {
      await test.ready();
      const titles = Array.from({ length: 100 }, (_, n) => (n % 3 ? "c#" : "javascript"));
      let isPending = true;
      const batch = test.client.predictBatch
        .mutate({ questions: titles.map((title) => ({ title })) })
        .finally(() => (isPending = false));
      for (let n = 0; n < 5; n++) {
        expect((await test.post("/api/v1/predict", { title: "python" })).status).toBe(200);
        expect(isPending).toBe(true);
      }
      expect((await batch).results.map(({ tags }) => tags)).toEqual(titles.map((title) => [title]));
    },
  );
});

describe("a model that is wanted no more", () => {
  /** Starts a bundle whose file comes through a pipe, and calls it off while a thread reads that. */
  async function calledOffWhileReading(name: string, { folder, manifest }: Bundle): Promise<void> {
    const path = await pipeInPlaceOf(join(folder, name));
    const wanted = new AbortController();
    const { signal } = wanted;
    const release = { bundle: { folder, manifest }, manifestSha256: "" };
    const started = startEngine(release, { ...engineDefaults, workers: 1 }, { isServing: true, signal });
    const refused = expect(started).rejects.toThrow();
    const writer = await open(path, "w"); // once it is read from
    wanted.abort();
    await writer.close();
    await refused;
  }

  it("while onnxruntime reads it costs nothing but its thread", async () => {
    await calledOffWhileReading("model.onnx", await tinyBundle());
  });

  it.runIf(existsSync("/proc/self/fd"))("while its tokenizer is read leaves no file open", async () => {
    const { folder, manifest } = await tinyBundle();
    const texts = { max_tokens: 8, fields: ["title" as const], separator: " " };
    const input: Manifest["input"] = { kind: "tokens", tokenizer: "tokenizer.json", ...texts };
    await calledOffWhileReading("tokenizer.json", { folder, manifest: { ...manifest, input } });
    const opened = await Promise.all(
      (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
    );
    expect(opened.filter((path) => path.startsWith(folder))).toEqual([]);
  });

  it("once its thread has opened it is not told of as one that died", async () => {
    const bundle = await tinyBundle();
    const wanted = new AbortController();
    const onDeath = vi.fn();
    const whole = ModelThread.prototype.open; // eslint-disable-line @typescript-eslint/unbound-method -- called on one below
    const opened = vi.spyOn(ModelThread.prototype, "open").mockImplementation(async function (
      this: ModelThread,
      given,
    ) {
      const runMs = await whole.call(this, given);
      wanted.abort();
      return runMs;
    });
    const options = { ...engineDefaults, workers: 2, onDeath };
    const circumstances = { isServing: true, signal: wanted.signal };
    await expect(startEngine({ bundle, manifestSha256: "" }, options, circumstances)).rejects.toThrow();
    expect(onDeath).not.toHaveBeenCalled();
    opened.mockRestore();
  });
});

it("a thread that is given up in native code ends alone, once it is out", async () => {
  const bundle = await tinyBundle();
  const path = await pipeInPlaceOf(join(bundle.folder, "model.onnx"));
  const thread = new ModelThread();
  const refused = expect(thread.open(bundle)).rejects.toThrow();
  const writer = await open(path, "w"); // once onnxruntime reads from it
  thread.stop();
  await writer.close();
  await refused;
  await thread.ended;
});

async function pipeInPlaceOf(path: string): Promise<string> {
  await rm(path, { force: true });
  await promisify(execFile)("mkfifo", [path]);
  return path;
}
