import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { countingModel } from "@tagsmith/model-bundle/test/onnx-model";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { askUntilTold, readMetric, start, withProcess, withStartedProcess } from "../test/with-process.ts";
import type { StoreUnderTest } from "../test/with-service.ts";

describe("the process", () => {
  it("stops before it listens when its settings are wrong, and names all of them", async () => {
    const child = start({ PORT: "many" });
    const [complaint, exit] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect(complaint).toMatch(/^PORT: .*\nMODEL_BUCKET: .*\n$/);
    expect(exit).toEqual([1, null]);
  });

  it("lives while its model is long in coming, says how far it is, and is ready as soon as it is there", async () => {
    const store = withheld();
    const bundle = tinyBundle({ extraFiles: new Map([["late.bin", Buffer.alloc(1_000_000)]]) });
    const disturb = ({ faults }: StoreUnderTest) =>
      faults.add({ kind: "meanwhile", action: () => store.given }, { key: "models/tiny/1/late.bin", times: 1_000 });
    await withStartedProcess(
      async ({ child, url, ready }) => {
        const readiness = async () => {
          const answer = await fetch(`${url}/readyz`);
          return { status: answer.status, body: (await answer.json()) as Record<string, number> };
        };
        await eventually(async () => (await readiness()).body["bytes_loaded"]).toBeGreaterThan(0);
        for (let look = 0; look < 20; look++) {
          expect((await fetch(`${url}/livez`)).status).toBe(200);
          const { status, body } = await readiness();
          expect([status, body]).toMatchObject([503, { status: "loading", version: "1" }]);
          expect(body["bytes_total"]).toBeGreaterThan(1_000_000);
          expect(body["bytes_loaded"]).toBeLessThan(1_000_000);
        }
        store.give();
        await ready();
        expect(child.exitCode).toBeNull();
        expect(await readMetric(url, "tagsmith_loader_crashes_total")).toBe(0);
        expect(await readMetric(url, "tagsmith_model_load_failures_total")).toBeNaN(); // one try was enough
      },
      { bundle, disturb },
    );
  });

  it("loses no request under SIGTERM: it says that it leaves, finishes what came, and exits with 0", () =>
    withProcess(async ({ child, url }) => {
      const exit = once(child, "exit");
      const clients = Array.from({ length: 50 }, () => askUntilTold(url));
      await eventually(() => clients.every(({ answered }) => answered.length > 3)).toBe(true);
      child.kill("SIGTERM");
      await eventually(() => fetch(`${url}/readyz`).then((answer) => answer.status)).toBe(503);
      const outcomes = await Promise.all(clients.map(({ end }) => end));
      expect(outcomes).toEqual(outcomes.map(() => "told to leave"));
      expect(clients.flatMap(({ answered }) => answered).filter((status) => status !== 200)).toEqual([]);
      expect(await exit).toEqual([0, null]);
    }));

  it("finishes a request whose body comes only once nobody can connect any more", () =>
    withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        const body = '{"title":"python"}';
        const slow = connect(Number(new URL(url).port), "127.0.0.1").setEncoding("utf8");
        slow.write(`${expecting(body.length)}\r\n`);
        await once(slow, "data");
        child.kill("SIGTERM");
        const connecting = () => fetch(`${url}/livez`).then(({ status }) => status, String);
        await eventually(connecting).toContain("fetch failed");
        slow.write(body);
        expect(await text(slow)).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*connection: close\r\n/i);
        expect(await exit).toEqual([0, null]);
      },
      { variables: { DRAIN_MS: "1" } },
    ));

  it("waits for a client that sends nothing no longer than the limit, and exits with 0", () =>
    withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        const hanging = connect(Number(new URL(url).port), "127.0.0.1").on("error", () => undefined);
        hanging.write(`${expecting(9)}\r\n`);
        await once(hanging, "data"); // its body is being waited for
        child.kill("SIGTERM");
        expect(await exit).toEqual([0, null]);
        hanging.destroy();
      },
      { variables: { DRAIN_MS: "1", DRAIN_LIMIT_MS: "300" } },
    ));

  it("exits at once on a second signal", () =>
    withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        child.kill("SIGTERM");
        await eventually(() => fetch(`${url}/readyz`).then((answer) => answer.status)).toBe(503);
        child.kill("SIGTERM");
        expect(await exit).toEqual([1, null]);
      },
      { variables: { DRAIN_MS: "60000" } },
    ));

  it.each([
    ["waits for a run that never ends no longer than for those who asked", { DRAIN_LIMIT_MS: "300" }, 1],
    ["ends at once on a second signal though a run never ends", { DRAIN_MS: "60000" }, 2],
  ])("%s", (_name, variables, signals) =>
    withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        const ask = (times: number) =>
          fetch(`${url}/api/v1/predict/floats`, { method: "POST", body: JSON.stringify({ inputs: [[times]] }) });
        expect((await ask(1)).status).toBe(200);
        ask(1e18).catch(() => undefined);
        await eventually(() => readMetric(url, "tagsmith_requests_in_flight")).toBe(2);
        for (let signal = 0; signal < signals; signal++) {
          child.kill("SIGTERM");
          await eventually(() => fetch(`${url}/readyz`).then(({ status }) => status, String)).not.toBe(200);
        }
        expect(await exit).toEqual([null, "SIGKILL"]); // native code can't be ended otherwise
      },
      { bundle: counting(), variables: { MODEL_WORKERS: "2", DRAIN_MS: "1", ...variables } },
    ),
  );

  it("is gone after a crash, though a run never ends", () =>
    withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        const body = JSON.stringify({ inputs: [[1e18]] });
        fetch(`${url}/api/v1/predict/floats`, { method: "POST", body }).catch(() => undefined);
        await eventually(() => readMetric(url, "tagsmith_requests_in_flight")).toBe(2);
        child.kill("SIGUSR2");
        expect(await exit).toEqual([null, "SIGKILL"]);
      },
      { bundle: counting(), variables: { MODEL_WORKERS: "2", NODE_OPTIONS: `--import=${crashing}` } },
    ));

  it("ends in order though nobody reads its log any more", () =>
    withProcess(async ({ child }) => {
      const exit = once(child, "exit");
      child.stdout?.destroy();
      child.kill("SIGTERM");
      expect(await exit).toEqual([0, null]);
    }));

  it("writes nothing into the home folder: onnxruntime's telemetry is off", async () => {
    const home = await mkdtemp(join(tmpdir(), "tagsmith-home-"));
    await withProcess(async () => expect(await readdir(home)).toEqual([]), { variables: { HOME: home } });
    await rm(home, { recursive: true });
  });
});

/** Takes as long as its one float is large: by its example, too long for the main thread. */
async function counting(): Promise<Bundle> {
  const extraFiles = new Map([["model.onnx", countingModel()]]);
  const { manifest, folder } = await tinyBundle({ labels: ["a"], extraFiles });
  const golden = { tolerance: 1e-6, examples: [{ floats: [20_000], probabilities: [0] }] };
  const input = { kind: "floats" as const, name: "x", columns: ["times"] };
  return { folder, manifest: { ...manifest, input, output: "y", golden } };
}

/** A module that makes a process crash when it is told to. */
const crashing = "data:text/javascript,process.on('SIGUSR2',()=>{throw(new(Error))})";

/** The head of a request whose body is asked for, without its end. */
const expecting = (bytes: number) =>
  `POST /api/v1/predict HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: ${bytes}\r\n`;

/** What a store keeps back until it is told to give it. */
function withheld() {
  let give = () => {};
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}
