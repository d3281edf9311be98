import { versionId } from "@tagsmith/model-bundle/layout";
import { totalBytes } from "@tagsmith/model-bundle/manifest";
import type { Release } from "@tagsmith/model-bundle/release";
import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { Backoff, type RetryOptions } from "./backoff.ts";
import { startEngine, type EngineOptions, type StartedEngine } from "./engine.ts";
import { describe, timeMends, type Failure } from "./failure.ts";
import type { Loader, News } from "./loader.ts";
import type { LoadProgress, Promotion } from "./loader-worker.ts";
import type { Metrics } from "./metrics.ts";
import type { ModelFolder } from "./model-folder.ts";
import { ModelThread } from "./model-thread.ts";
import type { ServedModel, Update } from "./served-model.ts";

export interface LifeParts {
  readonly loader: Loader;
  readonly folder: ModelFolder;
  readonly model: ServedModel;
  readonly engine: EngineOptions;
  readonly retry: RetryOptions;
  readonly log: Logger;
  readonly metrics: Metrics;
}

interface Loading {
  readonly signal: AbortSignal;
  readonly onProgress: (progress?: LoadProgress) => void;
}

/** With a model serving there is no hurry to fetch one again that was wrong. */
const wrongVersionMaxMs = 300_000;

/**
 * The life of the models in this process. A version that is promoted is fetched and verified by the loader, proven in a
 * thread of its own, and takes the place of the one that serves between two requests. Whatever fails before that leaves
 * the serving one alone; where none serves, the newest earlier version that can be had does.
 */
export class ModelLife {
  readonly #parts: LifeParts;
  #promotion: Promotion | undefined;
  /** What is done about the latest promotion; the next one ends it. */
  #attempt = new AbortController();
  #attempted = Promise.resolve();
  #update: Update | undefined;
  /** Why it can't be known what is promoted, if it can't. */
  #blindness: Update | undefined;
  #retiring = Promise.resolve();

  constructor(parts: LifeParts) {
    this.#parts = parts;
    parts.loader.follow((news) => this.#hear(news));
  }

  /** Ends whatever is under way, and the model once nobody uses it. */
  async end(): Promise<void> {
    this.#attempt.abort();
    await this.#parts.loader.close();
    await this.#attempted;
    await this.#retiring;
    await this.#parts.model.close();
    await this.#parts.folder.remove();
  }

  #hear(news: News): void {
    if (news.type !== "promotion") {
      this.#turnBlind(news);
      return;
    }
    const { promotion } = news;
    this.#blindness = undefined;
    this.#report(this.#update);
    if (promotion.etag === this.#promotion?.etag) return;
    this.#promotion = promotion;
    this.#parts.log.info(named(promotion.release), "model promoted");
    this.#attempt.abort();
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    this.#attempted = this.#attempted.then(() => this.#bring(promotion, signal));
  }

  /** Resolves once what was promoted serves, however many tries that takes, or another promotion came. */
  async #bring({ release, earlier }: Promotion, signal: AbortSignal): Promise<void> {
    const { model, retry } = this.#parts;
    const backoff = new Backoff(retry);
    let failure: Failure | undefined;
    const onProgress = (progress?: LoadProgress) =>
      this.#report({ status: "loading", version: release, progress, failure });
    while (!this.#serves(release)) {
      try {
        signal.throwIfAborted();
        await this.#load(release, { signal, onProgress });
      } catch (error) {
        if (signal.aborted) return;
        failure = this.#note(error, release);
        const isUrgent = !model.engine || timeMends(failure);
        const retryInMs = backoff.next(isUrgent ? retry.maxMs : wrongVersionMaxMs);
        this.#report({ status: "failed", version: release, failure, retryInMs });
        if (!model.engine && !timeMends(failure)) await this.#fallBack(earlier, signal);
        await delay(retryInMs, undefined, { signal }).catch(() => undefined);
      }
    }
    if (!signal.aborted) this.#report(undefined);
  }

  /** Serves the first of these versions that can be had. */
  async #fallBack(earlier: readonly Release[], signal: AbortSignal): Promise<void> {
    for (const release of earlier) {
      try {
        await this.#load(release, { signal, onProgress: () => undefined });
        return;
      } catch (error) {
        if (signal.aborted || timeMends(this.#note(error, release))) return;
      }
    }
  }

  async #load(release: Release, { signal, onProgress }: Loading): Promise<void> {
    const { loader, folder, engine: options } = this.#parts;
    const startMs = performance.now();
    onProgress();
    const path = folder.pathFor(release);
    const thread = new ModelThread(); // it boots while the model comes
    const stop = () => thread.stop();
    signal.addEventListener("abort", stop);
    try {
      const report = (progress: LoadProgress) => {
        onProgress(progress);
        this.#parts.log.info({ ...named(release), ...progressFields(progress) }, "model loading");
      };
      const bundle = await loader.fetch(release, { folder: path, signal, onProgress: report });
      const downloadMs = performance.now() - startMs;
      const engine = await startEngine({ bundle, manifestSha256: release.manifestSha256 }, thread, options);
      if (signal.aborted) await engine.close();
      signal.throwIfAborted();
      this.#serve(engine, {
        path,
        bytes: totalBytes(bundle.manifest),
        downloadMs,
        loadMs: performance.now() - startMs,
      });
    } catch (error) {
      thread.stop();
      await rm(path, { recursive: true, force: true });
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #serve(engine: StartedEngine, { path, bytes, downloadMs, loadMs }: Loaded): void {
    const { model, metrics, log } = this.#parts;
    const replaced = model.engine?.manifest;
    const close = async () => {
      await engine.close();
      await rm(path, { recursive: true, force: true });
    };
    const retired = model.serve({ ...engine, close });
    metrics.modelLoaded({ engine, bytes, seconds: loadMs / 1_000, isSwap: replaced !== undefined });
    log.info(
      {
        ...named(engine.manifest),
        replaces: replaced && versionId(replaced),
        bytes,
        download_ms: Math.round(downloadMs),
        load_ms: Math.round(loadMs),
        run_ms: Number(engine.runMs.toFixed(3)),
        threads: engine.threads,
      },
      "model ready",
    );
    const settled = retired.catch((error: unknown) => log.error({ err: error }, "model not closed in order"));
    this.#retiring = Promise.all([this.#retiring, settled]).then(() => undefined);
  }

  #serves({ manifestSha256 }: Release): boolean {
    return this.#parts.model.engine?.manifestSha256 === manifestSha256;
  }

  #turnBlind({ type, failure, retryInMs }: Exclude<News, { type: "promotion" }>): void {
    const { log, metrics } = this.#parts;
    if (type === "crashed") metrics.loaderCrashes.inc();
    else metrics.loadFailures.inc({ code: failure.code });
    const isKnown = this.#blindness?.failure?.reason === failure.reason;
    this.#blindness = { status: "failed", failure, retryInMs };
    this.#report(this.#update);
    const fields = { ...failure, retry_in_ms: retryInMs };
    if (type === "crashed") log.error(fields, "loader crashed");
    else if (!isKnown) log.error(fields, "promoted model unknown");
  }

  #note(error: unknown, release: Release): Failure {
    const failure = describe(error);
    this.#parts.metrics.loadFailures.inc({ code: failure.code });
    this.#parts.log.error({ ...named(release), code: failure.code, err: error }, "model not loaded");
    return failure;
  }

  #report(update: Update | undefined): void {
    this.#update = update;
    this.#parts.model.update = this.#blindness ?? update;
  }
}

interface Loaded {
  readonly path: string;
  readonly bytes: number;
  readonly downloadMs: number;
  readonly loadMs: number;
}

const named = ({ name, version }: { name: string; version: string }) => ({ model: name, version });

/** As the log and `/readyz` write it. */
export function progressFields(progress: Omit<LoadProgress, "bytesTotal"> & { bytesTotal: number | null }) {
  const { bytesLoaded, bytesTotal, bytesPerSecond } = progress;
  return { bytes_loaded: bytesLoaded, bytes_total: bytesTotal, bytes_per_second: bytesPerSecond };
}
