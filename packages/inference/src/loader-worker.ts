import { downloadBundle, type Progress, type StoreRead } from "@tagsmith/model-bundle/download";
import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { BundleError, isBundleError } from "@tagsmith/model-bundle/errors";
import { readPointer, toRelease } from "@tagsmith/model-bundle/pointer";
import type { Release } from "@tagsmith/model-bundle/release";
import type { TrialTerms } from "@tagsmith/model-bundle/trial";
import { ModelStore } from "@tagsmith/model-bundle/store";
import type { StoreOptions } from "@tagsmith/model-bundle/store-options";
import { setTimeout as delay } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Backoff, spread, type RetryOptions } from "./backoff.ts";
import { describe, type Failure } from "./failure.ts";

export interface LoaderOptions {
  readonly store: StoreOptions;
  /** How often the pointer is looked at. */
  readonly watchMs: number;
  /** Between looks that fail. */
  readonly retry: RetryOptions;
}

/** What the store says is to be served. */
export interface Promotion {
  readonly etag: string;
  readonly release: Release;
  /** What was promoted before, newest first. */
  readonly earlier: readonly Release[];
  /** What is tried out beside it. */
  readonly candidate: Candidate | undefined;
}

export interface Candidate extends TrialTerms {
  readonly release: Release;
}

export interface LoadProgress extends Progress {
  readonly bytesPerSecond: number;
}

/** Each `fetch` is answered by `fetched` or `failed`. */
export type ToLoader =
  | {
      readonly type: "fetch";
      readonly id: number;
      readonly release: Release;
      readonly folder: string;
      readonly tellsReads: boolean;
    }
  | { readonly type: "abort"; readonly id: number };

export type FromLoader =
  /** After each look at the pointer, whether or not it has changed. */
  | { readonly type: "promotion"; readonly promotion: Promotion }
  | { readonly type: "promotion_failed"; readonly failure: Failure; readonly retryInMs: number }
  | { readonly type: "progress"; readonly id: number; readonly progress: LoadProgress }
  | { readonly type: "read"; readonly id: number; readonly read: StoreRead }
  | { readonly type: "fetched"; readonly id: number; readonly bundle: Bundle }
  | { readonly type: "failed"; readonly id: number; readonly failure: Failure };

const progressEveryMs = 500;

const { store: storeOptions, watchMs, retry } = workerData as LoaderOptions;
const store = new ModelStore(storeOptions);
const fetching = new Map<number, AbortController>();

parentPort?.on("message", (message: ToLoader) => {
  if (message.type === "fetch") void fetchRelease(message);
  else fetching.get(message.id)?.abort();
});
await watchPointer();

async function watchPointer(): Promise<never> {
  const backoff = new Backoff({ ...retry, maxMs: watchMs });
  let promotion: Promotion | undefined;
  for (;;) {
    let waitMs = spread(watchMs);
    try {
      promotion = await readPromotion(promotion);
      backoff.reset();
      tell({ type: "promotion", promotion });
    } catch (error) {
      waitMs = backoff.next();
      tell({ type: "promotion_failed", failure: describe(error), retryInMs: waitMs });
    }
    await delay(waitMs);
  }
}

async function readPromotion(before: Promotion | undefined): Promise<Promotion> {
  try {
    const stored = await readPointer(store, before && { unlessEtag: before.etag });
    if (!stored) throw new BundleError("not_found", `No model has been promoted in ${store.bucket} yet.`);
    const { etag, pointer } = stored;
    const { candidate, history } = pointer;
    return {
      etag,
      release: toRelease(pointer),
      earlier: history.map(toRelease),
      candidate: candidate && { release: toRelease(candidate), mode: candidate.mode, share: candidate.share },
    };
  } catch (error) {
    if (before && isBundleError(error, "not_modified")) return before;
    throw error;
  }
}

async function fetchRelease({ id, release, folder, tellsReads }: Extract<ToLoader, { type: "fetch" }>): Promise<void> {
  const stop = new AbortController();
  fetching.set(id, stop);
  const startMs = performance.now();
  let progress: Progress | undefined;
  const reports = setInterval(() => {
    if (!progress) return;
    const bytesPerSecond = Math.round((progress.bytesLoaded * 1_000) / (performance.now() - startMs));
    tell({ type: "progress", id, progress: { ...progress, bytesPerSecond } });
  }, progressEveryMs);
  try {
    const onProgress = (reached: Progress) => (progress = reached);
    const onRead = tellsReads ? (read: StoreRead) => tell({ type: "read", id, read }) : undefined;
    const bundle = await downloadBundle(store, release, folder, { onProgress, onRead, signal: stop.signal });
    tell({ type: "fetched", id, bundle });
  } catch (error) {
    tell({ type: "failed", id, failure: describe(error) });
  } finally {
    clearInterval(reports);
    fetching.delete(id);
  }
}

function tell(message: FromLoader): void {
  parentPort?.postMessage(message);
}
