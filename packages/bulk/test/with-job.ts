import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publish } from "@tagsmith/model-bundle/publish";
import { promote } from "@tagsmith/model-bundle/release";
import { createPredictor } from "@tagsmith/model-bundle/predictor";
import { storeOptions } from "@tagsmith/model-bundle/store-options";
import { ModelStore } from "@tagsmith/model-bundle/store";
import { tinyBundle, type TinyBundleOptions } from "@tagsmith/model-bundle/test/tiny-bundle";
import { FaultPlan } from "@tagsmith/s3-server/faults";
import { startS3Server } from "@tagsmith/s3-server/server";
import { it } from "vitest";
import { finish, type Manifest } from "../src/finish.ts";
import type { Job } from "../src/job.ts";
import { planOf } from "../src/planner.ts";
import { tagShard } from "../src/shard.ts";
import type { Model } from "../src/tagger.ts";

/** A busy machine takes ten seconds to start a task from its source. */
const timeoutMs = 180_000;

/** A hundred questions, a line of JSON each, and the file of them. */
export const lines = Array.from({ length: 100 }, (_, id) => JSON.stringify({ id, title: `python, ${id}` }));
export const file = lines.map((line) => `${line}\n`).join("");

/** A job of s3://bulk/in to s3://bulk/out with a model that finds a tag where its name stands in the title. */
export interface JobTest {
  readonly job: Job;
  readonly store: ModelStore;
  readonly faults: FaultPlan;
  readonly model: Model;
  /** An empty folder. */
  readonly folder: string;
  /** What leads a program to the job. */
  readonly env: Readonly<Record<string, string>>;
  readonly put: (name: string, content: string | Uint8Array) => Promise<void>;
  readonly promote: (options: TinyBundleOptions) => Promise<void>;
  /** From the plan to the manifest, in this process. */
  readonly run: (shardBytes?: number) => Promise<Manifest>;
  /** The text of all results, by key. */
  readonly results: () => Promise<Map<string, string>>;
}

export function itWithJob(name: string, test: (given: JobTest) => Promise<void>): void {
  it(
    name,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "bulk-"));
      const faults = new FaultPlan();
      const server = await startS3Server({ root: join(folder, "s3"), port: 0, faults });
      const store = new ModelStore({ ...storeOptions("bulk", { AWS_ENDPOINT_URL: server.url }), retryDelayMs: 1 });
      const bundle = await tinyBundle();
      const model = await createPredictor(bundle);
      const job: Job = {
        input: { bucket: "bulk", path: "in" },
        output: { bucket: "bulk", path: "out" },
        stores: { input: store, output: store, models: store },
      };
      const run = async (shardBytes = 1_000) => {
        const plan = await planOf(job, { shardBytes });
        for (const shard of plan.shards.keys()) await tagShard({ job, plan, model, folder }, shard);
        return finish(job, plan);
      };
      const results = async () => {
        const texts = new Map<string, string>();
        for await (const { key } of store.list("out/results/")) texts.set(key, (await store.readText(key)).text);
        return texts;
      };
      try {
        await store.createBucket();
        await promote(store, await publish(store, bundle));
        await test({
          ...{ job, store, faults, model, folder, run, results },
          env: { INPUT: "s3://bulk/in", OUTPUT: "s3://bulk/out", MODEL_BUCKET: "bulk", AWS_ENDPOINT_URL: server.url },
          put: (file, content) => store.write(`in/${file}`, content),
          promote: async (options) => {
            await promote(store, await publish(store, await tinyBundle(options)));
          },
        });
      } finally {
        await model.close();
        store.close();
        await server.close();
        await rm(folder, { recursive: true });
      }
    },
    timeoutMs,
  );
}
