import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { promote, type Release } from "@tagsmith/model-bundle/release";
import { publish } from "@tagsmith/model-bundle/publish";
import { ModelStore } from "@tagsmith/model-bundle/store";
import { startTrial, stopTrial, type TrialTerms } from "@tagsmith/model-bundle/trial";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { FaultPlan } from "@tagsmith/s3-server/faults";
import { logTo } from "@tagsmith/operations/log";
import type { Tracing } from "@tagsmith/operations/tracing";
import { startS3Server } from "@tagsmith/s3-server/server";
import { createTRPCClient, httpBatchLink, type TRPCClient } from "@trpc/client";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "vitest";
import type { Config } from "../src/env.ts";
import { Loader } from "../src/loader.ts";
import type { AppRouter } from "../src/router.ts";
import { eventually } from "./eventually.ts";
import { Service, type Tuning } from "../src/service.ts";

const bucket = "models";

const retry = { firstMs: 20, maxMs: 200 };

export interface Setting {
  /** What the store holds and calls current; null for nothing. */
  readonly bundle?: Promise<Bundle> | null;
  readonly config?: Partial<Config>;
  readonly tuning?: Tuning & { readonly loaderModule?: URL };
  readonly tracing?: () => Promise<Tracing>;
  /** Run before the service starts. */
  readonly disturb?: (store: StoreUnderTest) => Promise<void> | void;
}

export interface StoreUnderTest {
  readonly root: string;
  readonly url: string;
  readonly faults: FaultPlan;
  readonly promote: (bundle: Bundle) => Promise<Release>;
  readonly tryOut: (bundle: Bundle, terms: TrialTerms) => Promise<Release>;
  readonly stopTrial: () => Promise<Release>;
}

export interface ServiceUnderTest {
  readonly url: string;
  readonly client: TRPCClient<AppRouter>;
  readonly service: Service;
  readonly store: StoreUnderTest;
  /** Every line that the service has logged. */
  readonly log: readonly string[];
  /** Resolves when the service is ready. */
  readonly ready: () => Promise<void>;
  readonly get: (path: string) => Promise<Response>;
  readonly post: (path: string, body: unknown) => Promise<Response>;
}

/** A test of the real service over a real S3 server. It starts while the test runs: ask for `ready()` where needed. */
export function withService(name: string, setting: Setting, test: (service: ServiceUnderTest) => Promise<void>): void {
  it(name, () =>
    withStore(async (store) => {
      if (setting.bundle !== null) await store.promote(await (setting.bundle ?? tinyBundle()));
      await setting.disturb?.(store);
      const log: string[] = [];
      const config = configFor(store, setting);
      const tracing = await setting.tracing?.();
      const service = new Service(config, logTo({ write: (line) => log.push(line) }, "debug"), tracing);
      const url = await service.listen();
      const { loaderModule, ...tuning } = setting.tuning ?? {};
      const { store: storeOptions, watchMs } = config;
      service.serve(new Loader({ store: storeOptions, watchMs, retry }, loaderModule), { retry, ...tuning });
      try {
        await test({ ...conveniences(url), service, store, log });
      } finally {
        await service.drain();
      }
    }),
  );
}

export async function withStore(test: (store: StoreUnderTest) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "tagsmith-inference-"));
  const faults = new FaultPlan();
  const server = await startS3Server({ root, port: 0, faults });
  const store = new ModelStore(storeConfig(server.url));
  try {
    await store.createBucket();
    await test({
      root,
      url: server.url,
      faults,
      promote: async (bundle) => promote(store, await publish(store, bundle)),
      tryOut: async (bundle, terms) => startTrial(store, await publish(store, bundle), terms),
      stopTrial: () => stopTrial(store),
    });
  } finally {
    store.close();
    await server.close();
    await rm(root, { recursive: true });
  }
}

function configFor({ root, url }: StoreUnderTest, { config }: Setting): Config {
  return {
    host: "127.0.0.1",
    port: 0,
    store: storeConfig(url),
    watchMs: 50,
    modelFolder: root,
    telemetry: { logLevel: "debug", stage: undefined, tracing: undefined },
    processes: 1,
    workers: 1,
    queue: { requests: 64, deadlineMs: 10_000 },
    drainMs: 0,
    drainLimitMs: 45_000,
    ...config,
  };
}

const storeConfig = (endpoint: string) => ({
  bucket,
  endpoint,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  retryDelayMs: 5,
});

function conveniences(url: string) {
  const get = (path: string) => fetch(url + path);
  return {
    url,
    client: createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${url}/api/trpc` })] }),
    get,
    post: (path: string, body: unknown) =>
      fetch(url + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    ready: () => eventually(async () => (await get("/readyz")).text()).toContain('"ready"'),
  };
}
