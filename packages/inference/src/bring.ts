import type { Release } from "@tagsmith/model-bundle/release";
import { setTimeout as delay } from "node:timers/promises";
import { Backoff, type RetryOptions } from "./backoff.ts";
import { timeMends, type Failure } from "./failure.ts";
import type { LoadProgress } from "./loader-worker.ts";
import { loadModel, type LoadedModel, type LoadParts } from "./model-load.ts";
import type { ModelReport } from "./model-report.ts";
import type { ServedModel, Update } from "./served-model.ts";

export interface BringParts extends LoadParts {
  readonly model: ServedModel;
  readonly retry: RetryOptions;
  readonly report: ModelReport;
}

/** What a release is brought for. */
interface Purpose {
  readonly release: Release;
  readonly isReached: () => boolean;
  readonly take: (loaded: LoadedModel) => void;
  readonly show: (update: Update | undefined) => void;
  /** Where no model serves meanwhile and the release is wrong, the first of these that can be had is taken. */
  readonly instead?: readonly Release[];
}

/** With a model serving there is no hurry to fetch one again that was wrong. */
const wrongVersionMaxMs = 300_000;

/** Resolves once the purpose is reached, however many tries that takes, or the signal aborts. */
export async function bring(parts: BringParts, purpose: Purpose, signal: AbortSignal): Promise<void> {
  const { model, retry, report } = parts;
  const { release, take, show } = purpose;
  const backoff = new Backoff(retry);
  let failure: Failure | undefined;
  const showLoading = (progress?: LoadProgress) => show({ status: "loading", version: release, progress, failure });
  while (!purpose.isReached()) {
    try {
      signal.throwIfAborted();
      showLoading();
      await load(parts, release, { signal, take, onProgress: showLoading });
    } catch (error) {
      if (signal.aborted) return;
      failure = report.failed(release, error);
      const isUrgent = !model.engine || timeMends(failure);
      const retryInMs = backoff.next(isUrgent ? retry.maxMs : wrongVersionMaxMs);
      show({ status: "failed", version: release, failure, retryInMs });
      if (!model.engine && !timeMends(failure)) await fallBack(parts, purpose, signal);
      await delay(retryInMs, undefined, { signal }).catch(() => undefined);
    }
  }
  if (!signal.aborted) show(undefined);
}

async function fallBack(parts: BringParts, purpose: Purpose, signal: AbortSignal): Promise<void> {
  const { instead = [], take } = purpose;
  const tried = new Set([purpose.release.manifestSha256]);
  for (const release of instead) {
    if (tried.size === tried.add(release.manifestSha256).size) continue; // promoted more than once
    try {
      await load(parts, release, { signal, take });
      return;
    } catch (error) {
      if (signal.aborted || timeMends(parts.report.failed(release, error))) return;
    }
  }
}

interface Wanted {
  readonly signal: AbortSignal;
  readonly take: Purpose["take"];
  readonly onProgress?: (progress: LoadProgress) => void;
}

async function load(parts: BringParts, release: Release, { onProgress, ...wanted }: Wanted): Promise<void> {
  const tell = (progress: LoadProgress) => {
    onProgress?.(progress);
    parts.report.progress(release, progress);
  };
  await loadModel(parts, release, { ...wanted, isServing: parts.model.engine !== undefined, onProgress: tell });
}
