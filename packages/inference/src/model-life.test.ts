import type { Bundle } from "@tagsmith/model-bundle/bundle";
import type { Manifest } from "@tagsmith/model-bundle/manifest";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { eventually } from "../test/eventually.ts";
import { withService, type ServiceUnderTest } from "../test/with-service.ts";

const crashingLoader = new URL("../test/crashing-loader.mjs", import.meta.url);
const pointerUrl = ({ url }: { url: string }) => `${url}/models/models/current.json`;

describe("a promotion", () => {
  withService("is served without a restart, and what it replaces leaves the disk", {}, async (test) => {
    await test.ready();
    await test.store.promote(await tinyBundle({ version: "2" }));
    await eventually(() => served(test)).toBe("2");
    await eventually(() => folders(test)).toEqual(["tiny-2-2"]);
    expect(await readiness(test)).not.toHaveProperty("update");
    expect(await metrics(test)).toMatch(/tagsmith_model_swaps_total 1\n/);
  });

  withService("back to the model that serves ends the update", {}, async (test) => {
    await test.ready();
    test.store.faults.add(
      { kind: "stall", afterBytes: 1 },
      { operation: "GetObject", key: "models/tiny/2/model.onnx", times: 10_000 },
    );
    await test.store.promote(await tinyBundle({ version: "2" }));
    await eventually(() => readiness(test)).toMatchObject({ update: { status: "loading", version: "2" } });
    await test.store.promote(await tinyBundle());
    await eventually(() => readiness(test)).not.toHaveProperty("update");
    expect(await served(test)).toBe("1");
    await eventually(() => folders(test)).toEqual(["tiny-1-1"]);
  });
});

describe("the model that serves goes on serving, and /readyz says why no other does, when the promoted one", () => {
  const failures: Record<string, [code: string, spoil: (test: ServiceUnderTest) => Promise<void>]> = {
    "has flipped bytes": [
      "hash_mismatch",
      async ({ store }) => {
        const corrupt = { kind: "corrupt", atByte: 100, bytes: 50 } as const;
        store.faults.add(corrupt, { operation: "GetObject", key: "models/tiny/2/model.onnx", times: 10_000 });
        await store.promote(await tinyBundle({ version: "2" }));
      },
    ],
    "answers otherwise than it should": [
      "golden_mismatch",
      async ({ store }) => {
        await store.promote(await wrongGolden("2"));
      },
    ],
    "has a tokenizer that can't be used": [
      "invalid_model",
      async ({ store }) => {
        const files = new Map([["tokenizer.json", Buffer.from('{"model": {"type": "WordLevel"}}')]]);
        const { manifest, folder } = await tinyBundle({ version: "2", extraFiles: files });
        const input: Manifest["input"] = {
          kind: "tokens",
          tokenizer: "tokenizer.json",
          max_tokens: 8,
          fields: ["title"],
          separator: " ",
        };
        await store.promote({ folder, manifest: { ...manifest, input } });
      },
    ],
    "is no longer known": [
      "not_found",
      async ({ store }) => {
        await fetch(pointerUrl(store), { method: "DELETE" });
      },
    ],
  };
  for (const [name, [code, spoil]] of Object.entries(failures)) {
    withService(name, {}, async (test) => {
      await test.ready();
      await spoil(test);
      await eventually(() => readiness(test)).toMatchObject({ status: "ready", update: { status: "failed", code } });
      expect((await test.get("/readyz")).status).toBe(200);
      expect((await test.post("/api/v1/predict", { title: "python" })).status).toBe(200);
      expect(await metrics(test)).toMatch(new RegExp(`load_failures_total\\{code="${code}"\\} [1-9]`));
      expect(test.log.join("")).toContain(code);
      await test.store.promote(await tinyBundle({ version: "3" }));
      await eventually(() => served(test)).toBe("3");
      expect(await readiness(test)).not.toHaveProperty("update");
    });
  }

  withService("is wrong and stays so: it is fetched ever less often", {}, async (test) => {
    await test.ready();
    await test.store.promote(await wrongGolden("2"));
    const retryInMs = async () => ((await readiness(test))["update"] as Record<string, unknown>)["retry_in_ms"] ?? 0;
    // 200 ms is the longest wait for a store that fails, give or take a fifth.
    await eventually(retryInMs).toBeGreaterThan(240);
  });

  withService("is written in a pointer that is no pointer", {}, async (test) => {
    await test.ready();
    await fetch(pointerUrl(test.store), { method: "PUT", body: "{}" });
    await eventually(() => readiness(test)).toMatchObject({ status: "ready", update: { code: "invalid_pointer" } });
    expect((await test.post("/api/v1/predict", { title: "python" })).status).toBe(200);
  });
});

describe("at the start", () => {
  withService(
    "the newest earlier version serves while the promoted one is wrong",
    {
      disturb: async (store) => {
        store.faults.add(
          { kind: "corrupt", atByte: 100, bytes: 50 },
          { operation: "GetObject", key: "models/tiny/2/model.onnx", times: 10_000 },
        );
        await store.promote(await tinyBundle({ version: "2" }));
      },
    },
    async (test) => {
      await eventually(() => readiness(test)).toMatchObject({
        status: "ready",
        model: { version: "1" },
        update: { status: "failed", version: "2", code: "hash_mismatch" },
      });
      test.store.faults.clear();
      await eventually(() => served(test)).toBe("2");
    },
  );

  withService(
    "no earlier version serves where the promoted one may be had a little later",
    {
      disturb: async (store) => {
        store.faults.add(
          { kind: "slow-down" },
          { operation: "GetObject", key: "models/tiny/2/model.onnx", times: 10_000 },
        );
        await store.promote(await tinyBundle({ version: "2" }));
      },
    },
    async (test) => {
      const failed = () => test.log.filter((line) => line.includes("model not loaded"));
      await eventually(() => Promise.resolve(failed().length)).toBeGreaterThan(1);
      expect(await readiness(test)).not.toMatchObject({ status: "ready" });
      test.store.faults.clear();
      await eventually(() => served(test)).toBe("2");
      expect(failed().map(versionOf)).not.toContain("1");
    },
  );

  withService(
    "no version is tried twice, however often it was promoted, before the promoted one is tried again",
    {
      bundle: null,
      disturb: async ({ promote }) => {
        for (const version of ["1", "2", "1", "3", "2"]) await promote(await wrongGolden(version));
      },
    },
    async ({ log }) => {
      const tried = () => log.filter((line) => line.includes("model not loaded")).map(versionOf);
      await eventually(() => Promise.resolve(tried().slice(0, 5))).toEqual(["2", "3", "1", "2", "3"]);
    },
  );
});

describe("a loader that dies", () => {
  withService("is started again, and serving goes on", { tuning: { loaderModule: crashingLoader } }, async (test) => {
    await test.ready();
    await eventually(() => metrics(test)).toMatch(/tagsmith_loader_crashes_total [1-9]/);
    expect((await test.post("/api/v1/predict", { title: "python" })).status).toBe(200);
    expect(test.log.join("")).toContain("loader crashed");
    await test.store.promote(await tinyBundle({ version: "2" }));
    await eventually(() => served(test)).toBe("2");
  });
});

async function readiness({ get }: ServiceUnderTest): Promise<Record<string, unknown>> {
  return (await get("/readyz")).json() as Promise<Record<string, unknown>>;
}

async function served(test: ServiceUnderTest): Promise<unknown> {
  return ((await readiness(test))["model"] as { version: string } | undefined)?.version;
}

const metrics = async ({ get }: ServiceUnderTest) => (await get("/metrics")).text();

const versionOf = (line: string) => (JSON.parse(line) as { version: string }).version;

/** The versions on this process's disk. */
async function folders({ store }: ServiceUnderTest): Promise<string[]> {
  const [own = ""] = (await readdir(store.root)).filter((name) => name.startsWith("tagsmith-models-"));
  return readdir(join(store.root, own));
}

async function wrongGolden(version: string): Promise<Bundle> {
  const { manifest, folder } = await tinyBundle({ version });
  const { golden } = manifest;
  const examples = golden.examples.map((example) => ({
    ...example,
    probabilities: example.probabilities.map(() => 0.5),
  }));
  return { folder, manifest: { ...manifest, golden: { ...golden, examples } } };
}
