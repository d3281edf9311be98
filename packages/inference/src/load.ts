import { downloadBundle, type Progress } from "@tagsmith/model-bundle/download";
import { BundleError } from "@tagsmith/model-bundle/errors";
import { current } from "@tagsmith/model-bundle/release";
import type { ModelStore } from "@tagsmith/model-bundle/store";
import type { Logger } from "pino";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { bytesOf, startEngine, type EngineOptions } from "./engine.ts";
import { ServiceError } from "./errors.ts";
import type { Metrics } from "./metrics.ts";
import { ModelThread } from "./model-thread.ts";
import type { Failure, ServedModel } from "./served-model.ts";

export interface LoadOptions {
  readonly store: ModelStore;
  readonly model: ServedModel;
  readonly engine: EngineOptions;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly retry: RetryOptions;
  readonly signal: AbortSignal;
}

export interface RetryOptions {
  /** The first wait; each further one is twice as long. */
  readonly firstMs: number;
  readonly maxMs: number;
}

export const retryDefaults: RetryOptions = { firstMs: 1_000, maxMs: 30_000 };

/** How often a long download tells how far it is. */
const progressEveryMs = 1_000;

/**
 * Loads the model that the store calls current, until one serves or `signal` aborts. A failed try leaves the service
 * not ready with its reason, and the next one, after a growing wait, takes whatever is current by then.
 */
export async function loadUntilReady(options: LoadOptions): Promise<void> {
  const { model, log, metrics, retry, signal } = options;
  let failure: Failure | undefined;
  for (let waitMs = retry.firstMs; ; waitMs = Math.min(waitMs * 2, retry.maxMs)) {
    try {
      await load(options, failure);
      return;
    } catch (error) {
      if (signal.aborted) return;
      failure = describe(error);
      // Tasks that failed together don't come back together.
      const retryInMs = Math.round(waitMs * (0.75 + Math.random() / 2));
      model.become({ status: "failed", failure, retryInMs });
      metrics.loadFailures.inc({ code: failure.code });
      log.error({ code: failure.code, err: error, retry_in_ms: retryInMs }, "model not loaded");
      await delay(retryInMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function load(options: LoadOptions, failure: Failure | undefined): Promise<void> {
  const { store, model, log, metrics, signal } = options;
  const startMs = performance.now();
  model.become({ status: "loading", failure });
  const thread = new ModelThread(); // it boots while the model comes
  try {
    const release = await current(store);
    if (!release) throw new BundleError("not_found", `No model has been promoted in ${store.bucket} yet.`);
    log.info({ model: release.name, version: release.version }, "model found");
    const folder = join(await mkdtemp(join(tmpdir(), "tagsmith-model-")), release.version);
    const report = { onProgress: progressReport(options, failure), signal };
    const bundle = await downloadBundle(store, release, folder, report);
    const downloadedMs = performance.now() - startMs;
    const engine = await startEngine({ bundle, manifestSha256: release.manifestSha256 }, thread, options.engine);
    if (signal.aborted) {
      await engine.close();
      return;
    }
    const seconds = (performance.now() - startMs) / 1_000;
    model.become({ status: "ready", engine });
    metrics.modelLoaded({ engine, bytes: bytesOf(bundle), seconds });
    log.info(
      {
        model: release.name,
        version: release.version,
        bytes: bytesOf(bundle),
        download_ms: Math.round(downloadedMs),
        load_ms: Math.round(seconds * 1_000),
        run_ms: Number(engine.runMs.toFixed(3)),
        threads: engine.threads,
      },
      "model ready",
    );
  } catch (error) {
    void thread.close(); // it may still be booting, and nobody waits for it
    throw error;
  }
}

function progressReport({ model, log }: LoadOptions, failure: Failure | undefined): (progress: Progress) => void {
  const startMs = performance.now();
  let reportedMs = startMs;
  return (progress) => {
    model.become({ status: "loading", failure, progress });
    const nowMs = performance.now();
    if (nowMs - reportedMs < progressEveryMs) return;
    reportedMs = nowMs;
    const bytesPerSecond = Math.round((progress.bytesLoaded * 1_000) / (nowMs - startMs));
    const { bytesLoaded, bytesTotal } = progress;
    log.info({ bytes_loaded: bytesLoaded, bytes_total: bytesTotal, bytes_per_second: bytesPerSecond }, "model loading");
  };
}

function describe(error: unknown): Failure {
  // What killed a thread is the cause; its message to clients says nothing to operators.
  const { cause } = error instanceof ServiceError ? error : {};
  const code = error instanceof BundleError || error instanceof ServiceError ? error.code : "internal";
  return { code, reason: messageOf(cause ?? error) };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
