import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { askUntilTold, withProcess } from "../test/with-process.ts";
import { withService, type ServiceUnderTest, type StoreUnderTest } from "../test/with-service.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const always = { mode: "canary", share: 1 } as const;
const half = { mode: "canary", share: 0.5 } as const;

describe("a canary", () => {
  withService("answers in its own name: a question, a batch and an explanation", {}, async (test) => {
    await begin(test, always);
    const question = { title: "python" };
    expect((await test.client.predict.mutate(question)).ml_model_metadata).toMatchObject({
      name: "tiny",
      version: "2",
    });
    const batch = await test.client.predictBatch.mutate({ questions: [question] });
    expect(batch.ml_model_metadata.version).toBe("2");
    expect((await test.client.explain.mutate(question)).ml_model_metadata.version).toBe("2");
    expect(await readiness(test)).toMatchObject({
      model: { version: "1" },
      candidate: { status: "on_trial", version: "2", mode: "canary", share: 1 },
    });
    expect(await metrics(test)).toContain('tagsmith_trial_share{name="tiny",version="2",mode="canary"} 1');
  });

  withService("explains what it has answered, and the version in use what that has", {}, async (test) => {
    await begin(test, half);
    const answered = new Set<string>();
    for (let n = 0; n < 20; n++) {
      const question = { title: `python ${n}` };
      const { version } = (await test.client.predict.mutate(question)).ml_model_metadata;
      answered.add(version);
      expect((await test.client.explain.mutate(question)).ml_model_metadata.version).toBe(version);
    }
    expect(answered).toEqual(new Set(["1", "2"]));
  });

  withService("heavy or not has threads of its own", { tuning: { engine: { inlineRunMs: 0 } } }, async (test) => {
    await begin(test, half);
    const titles = Array.from({ length: 40 }, (_, n) => `python ${n}`);
    const answers = await Promise.all(titles.map((title) => test.client.predict.mutate({ title })));
    expect(answers.map(({ tags }) => tags)).toEqual(titles.map(() => ["python"]));
    expect(new Set(answers.map(({ ml_model_metadata }) => ml_model_metadata.version))).toEqual(new Set(["1", "2"]));
  });

  withService("takes another share, or becomes a shadow, without being fetched again", {}, async (test) => {
    await begin(test, always);
    test.store.faults.clear();
    await test.store.tryOut(await tinyBundle({ version: "2" }), { mode: "shadow", share: 0.3 });
    await eventually(() => readiness(test)).toMatchObject({ candidate: { mode: "shadow", share: 0.3 } });
    expect(await answers(test)).toBe("1");
    expect(fetched(test.store)).toEqual([]);
  });

  withService("is replaced by another one", {}, async (test) => {
    await begin(test, always);
    await test.store.tryOut(await tinyBundle({ version: "3" }), always);
    await eventually(() => answers(test)).toBe("3");
    await eventually(() => folders(test)).toEqual(["tiny-1-1", "tiny-3-3"]);
  });

  withService("that is no longer tried leaves the memory", {}, async (test) => {
    await begin(test, always);
    const held = new WeakRef(test.service.model.trial?.candidate.engine ?? {});
    await test.store.stopTrial();
    await eventually(() => answers(test)).toBe("1");
    await eventually(() => {
      collectGarbage();
      return held.deref() === undefined;
    }).toBe(true);
  });

  withService("that is there when the service starts is tried as well", startedWith(always), async (test) => {
    await test.ready();
    await eventually(() => answers(test)).toBe("2");
  });
});

describe("a shadow", () => {
  withService("is compared on what was asked, and answers nothing", {}, async (test) => {
    await begin(test, { mode: "shadow", share: 1 });
    expect((await test.client.predict.mutate({ title: "python" })).ml_model_metadata.version).toBe("1");
    await eventually(() => metrics(test)).toContain('tagsmith_trial_comparisons_total{outcome="compared"} 1');
    expect(await metrics(test)).toContain('tagsmith_trial_agreement_total{measure="tags"} 1');
    expect(await metrics(test)).toContain('tagsmith_trial_agreement_total{measure="difference"} 0');
  });
});

describe("a candidate that can't be had", () => {
  withService("leaves the version in use alone, and is tried once it can", {}, async (test) => {
    await test.ready();
    const corrupt = { kind: "corrupt", atByte: 100, bytes: 50 } as const;
    test.store.faults.add(corrupt, { operation: "GetObject", key: "models/tiny/2/model.onnx", times: 10_000 });
    await test.store.tryOut(await tinyBundle({ version: "2" }), always);
    await eventually(() => readiness(test)).toMatchObject({
      status: "ready",
      candidate: { status: "failed", version: "2", code: "hash_mismatch" },
    });
    expect(await readiness(test)).not.toHaveProperty("update");
    expect(await answers(test)).toBe("1");
    expect(await metrics(test)).toMatch(/load_failures_total\{code="hash_mismatch"\} [1-9]/);
    expect(test.log.join("")).toContain("hash_mismatch");
    test.store.faults.clear();
    await eventually(() => answers(test)).toBe("2");
  });

  withService("is forgotten when the trial is stopped", {}, async (test) => {
    await test.ready();
    test.store.faults.add(
      { kind: "stall", afterBytes: 1 },
      { operation: "GetObject", key: "models/tiny/2/model.onnx", times: 10_000 },
    );
    await test.store.tryOut(await tinyBundle({ version: "2" }), always);
    await eventually(() => readiness(test)).toMatchObject({ candidate: { status: "loading", version: "2" } });
    await test.store.stopTrial();
    await eventually(() => readiness(test)).not.toHaveProperty("candidate");
    await eventually(() => folders(test)).toEqual(["tiny-1-1"]);
  });
});

describe("the end of a trial", () => {
  withService("by promotion needs no second download, and the candidate answers all", {}, async (test) => {
    await begin(test, { mode: "shadow", share: 1 });
    test.store.faults.clear();
    await test.store.promote(await tinyBundle({ version: "2" }));
    await eventually(() => answers(test)).toBe("2");
    expect(await readiness(test)).toMatchObject({ status: "ready", model: { version: "2" } });
    expect(await readiness(test)).not.toHaveProperty("candidate");
    expect(fetched(test.store)).toEqual([]);
    expect(await metrics(test)).not.toContain("tagsmith_trial_share{");
    await eventually(() => folders(test)).toEqual(["tiny-2-2"]);
  });

  withService("by promotion of another version closes the candidate, too", {}, async (test) => {
    await begin(test, always);
    await test.store.promote(await tinyBundle({ version: "3" }));
    await eventually(() => answers(test)).toBe("3");
    await eventually(() => folders(test)).toEqual(["tiny-3-3"]);
  });

  it("fails no request, whether it is stopped or promoted, in any of several processes", { timeout: 120_000 }, () =>
    withProcess(
      async ({ url, store, child }) => {
        const versions = await Promise.all(["2", "3"].map((version) => tinyBundle({ version })));
        const all = async (version: string) => {
          const asked = await Promise.all(Array.from({ length: 12 }, () => versionAnswering(url)));
          return asked.every((answered) => answered === version);
        };
        await eventually(() => all("1")).toBe(true); // each process has its model
        const clients = Array.from({ length: 4 }, () => askUntilTold(url));
        for (const bundle of versions) {
          await store.tryOut(bundle, always);
          await eventually(() => all(bundle.manifest.version)).toBe(true);
          await store.stopTrial();
          await eventually(() => all("1")).toBe(true);
        }
        await store.tryOut(versions[0] ?? (await tinyBundle()), half);
        await store.promote(versions[0] ?? (await tinyBundle()));
        await eventually(() => all("2")).toBe(true);
        child.kill("SIGTERM");
        await Promise.all(clients.map(({ end }) => end));
        const statuses = clients.flatMap(({ answered }) => answered);
        expect(statuses.length).toBeGreaterThan(100);
        expect(statuses.filter((status) => status !== 200)).toEqual([]);
      },
      { variables: { WORKERS: "2", WATCH_MS: "50" } },
    ),
  );
});

/** A version 2 on trial beside the version 1 in use. */
async function begin(test: ServiceUnderTest, terms: Parameters<StoreUnderTest["tryOut"]>[1]): Promise<void> {
  await test.ready();
  await test.store.tryOut(await tinyBundle({ version: "2" }), terms);
  await eventually(() => readiness(test)).toMatchObject({ candidate: { status: "on_trial", version: "2" } });
}

function startedWith(terms: Parameters<StoreUnderTest["tryOut"]>[1]) {
  const disturb = async (store: StoreUnderTest) => {
    await store.tryOut(await tinyBundle({ version: "2" }), terms);
  };
  return { disturb };
}

async function versionAnswering(url: string): Promise<string | undefined> {
  const headers = { "content-type": "application/json", connection: "close" };
  const body = JSON.stringify({ title: "python" });
  const answer = await fetch(`${url}/api/v1/predict`, { method: "POST", headers, body });
  const { ml_model_metadata: model } = (await answer.json()) as { ml_model_metadata?: { version: string } };
  return model?.version;
}

const answers = ({ url }: ServiceUnderTest) => versionAnswering(url);

async function readiness({ get }: ServiceUnderTest): Promise<Record<string, unknown>> {
  return (await get("/readyz")).json() as Promise<Record<string, unknown>>;
}

const metrics = async ({ get }: ServiceUnderTest) => (await get("/metrics")).text();

const fetched = ({ faults }: StoreUnderTest) =>
  faults.seen.filter(({ operation, key }) => operation === "GetObject" && key.endsWith(".onnx")).map(({ key }) => key);

/** The versions on this process's disk. */
async function folders({ store }: ServiceUnderTest): Promise<string[]> {
  const [own = ""] = (await readdir(store.root)).filter((name) => name.startsWith("tagsmith-models-"));
  return (await readdir(join(store.root, own))).sort();
}
