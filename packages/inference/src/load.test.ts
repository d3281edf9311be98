import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { describe, expect } from "vitest";
import { eventually } from "../test/eventually.ts";
import { withService } from "../test/with-service.ts";

const large = async (version: string) =>
  tinyBundle({ version, extraFiles: new Map([["padding.bin", Buffer.alloc(1024 * 1024, version)]]) });

const paddingKey = "models/tiny/1/padding.bin";
const modelKey = "models/tiny/1/model.onnx";

describe("while the model loads", () => {
  withService(
    "the service lives, says how far it is, and asks to come back",
    {
      bundle: large("1"),
      disturb: ({ faults }) => faults.add({ kind: "stall", afterBytes: 768 * 1024 }, { key: paddingKey, times: 100 }),
    },
    async ({ get, post, client, store, ready }) => {
      const state = () => get("/readyz").then((answer) => answer.json() as Promise<Record<string, unknown>>);
      await eventually(state).toMatchObject({ status: "loading", bytes_total: expect.any(Number) as number });
      await eventually(async () => (await state())["bytes_loaded"]).toBeGreaterThan(250_000);
      expect((await get("/livez")).status).toBe(200);
      expect((await get("/api/v1/health")).status).toBe(200);
      const refused = await post("/api/v1/predict", { title: "python" });
      expect([refused.status, await refused.json()]).toMatchObject([503, { code: "not_ready" }]);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      await expect(client.predict.mutate({ title: "python" })).rejects.toMatchObject({
        data: { reason: "not_ready", httpStatus: 503, retryAfterSeconds: 1 },
      });
      store.faults.clear();
      await ready();
    },
  );
});

describe("a model that is not what its manifest says", () => {
  withService(
    "never serves with 50 flipped bytes, says why, and the next one promoted serves",
    {
      disturb: ({ faults }) =>
        faults.add({ kind: "corrupt", atByte: 100, bytes: 50 }, { key: modelKey, times: 10_000 }),
    },
    async ({ get, post, store, ready, log }) => {
      const state = () => get("/readyz").then(async (answer) => [answer.status, await answer.text()] as const);
      await eventually(state).toEqual([503, expect.stringMatching(/hash_mismatch.*model\.onnx.*SHA-256/)]);
      const refused = await post("/api/v1/predict", { title: "python" });
      expect([refused.status, await refused.text()]).toEqual([503, expect.not.stringContaining("model.onnx")]);
      expect(log.join("")).toContain("hash_mismatch");
      await store.promote(await tinyBundle({ version: "2" }));
      await ready();
      expect(await (await get("/api/v1/models")).json()).toMatchObject({ version: "2" });
    },
  );

  withService(
    "never serves with other answers than its golden ones",
    { bundle: wrongGolden() },
    async ({ get, service }) => {
      const state = () => get("/readyz").then((answer) => answer.text());
      await eventually(state).toMatch(/golden_mismatch.*should be 0\.5/);
      expect(service.model.engine).toBeUndefined();
    },
  );
});

describe("a store", () => {
  withService("without a model is asked again until it has one", { bundle: null }, async ({ get, store, ready }) => {
    await eventually(() => get("/readyz").then((answer) => answer.text())).toContain("No model has been promoted");
    await store.promote(await tinyBundle());
    await ready();
  });

  withService(
    "that is down is asked again until it is back",
    { disturb: ({ faults }) => faults.add({ kind: "slow-down" }, { times: 10_000 }) },
    async ({ get, store, ready }) => {
      const metrics = () => get("/metrics").then((answer) => answer.text());
      await eventually(metrics).toMatch(/tagsmith_model_load_failures_total\{code="store_\w+"\} [1-9]/);
      store.faults.clear();
      await ready();
    },
  );
});

async function wrongGolden(): Promise<Bundle> {
  const { manifest, folder } = await tinyBundle();
  const examples = manifest.golden.examples.map((example) => ({
    ...example,
    probabilities: example.probabilities.map(() => 0.5),
  }));
  return { folder, manifest: { ...manifest, golden: { ...manifest.golden, examples } } };
}
