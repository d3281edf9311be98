import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FaultPlan } from "@tagsmith/s3-server/faults";
import { startS3Server } from "@tagsmith/s3-server/server";
import { it } from "vitest";
import { storeOptions } from "../src/store-options.ts";
import { ModelStore } from "../src/store.ts";

export interface StoreTest {
  readonly store: ModelStore;
  /** What the server shall do wrong, and what it was asked. */
  readonly faults: FaultPlan;
  readonly url: string;
  /** An empty folder of this test's own. */
  readonly dir: string;
}

/** A test with an S3 server and an empty bucket of its own. */
export function itWithStore(name: string, test: (given: StoreTest) => Promise<void>): void {
  it(name, async () => {
    const dir = await mkdtemp(join(tmpdir(), "model-bundle-"));
    const faults = new FaultPlan();
    const server = await startS3Server({ root: join(dir, "s3"), port: 0, faults });
    const options = storeOptions("models", { AWS_ENDPOINT_URL: server.url });
    const store = new ModelStore({ ...options, retryDelayMs: 1 });
    try {
      await store.createBucket();
      await test({ store, faults, url: server.url, dir });
    } finally {
      store.close();
      await server.close();
      await rm(dir, { recursive: true });
    }
  });
}
