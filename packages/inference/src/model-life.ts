import { totalBytes } from "@tagsmith/model-bundle/manifest";
import type { Release } from "@tagsmith/model-bundle/release";
import type { Tracing } from "@tagsmith/operations/tracing";
import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { Backoff, type RetryOptions } from "./backoff.ts";
import { startEngine, type EngineOptions, type StartedEngine } from "./engine.ts";
import { timeMends, type Failure } from "./failure.ts";
import { LoadTrace } from "./load-trace.ts";
import type { Loader, News } from "./loader.ts";
import type { LoadProgress, Promotion } from "./loader-worker.ts";
import type { ModelFolder } from "./model-folder.ts";
import type { Loaded, ModelReport } from "./model-report.ts";
import type { ServedModel } from "./served-model.ts";

export interface LifeParts {
  readonly loader: Loader;
  readonly folder: ModelFolder;
  readonly model: ServedModel;
  readonly engine: EngineOptions;
  readonly retry: RetryOptions;
  readonly report: ModelReport;
  readonly tracing: Tracing;
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
    const { report } = this.#parts;
    if (news.type !== "promotion") {
      report.blind(news);
      return;
    }
    const { promotion } = news;
    report.seeing();
    if (promotion.etag === this.#promotion?.etag) return;
    this.#promotion = promotion;
    report.promoted(promotion.release);
    this.#attempt.abort();
    const { signal } = (this.#attempt = new AbortController());
    this.#attempted = this.#attempted.then(() => this.#bring(promotion, signal));
  }

  /** Resolves once what was promoted serves, however many tries that takes, or another promotion came. */
  async #bring({ release, earlier }: Promotion, signal: AbortSignal): Promise<void> {
    const { model, retry, report } = this.#parts;
    const backoff = new Backoff(retry);
    let failure: Failure | undefined;
    const onProgress = (progress?: LoadProgress) =>
      report.update({ status: "loading", version: release, progress, failure });
    while (!this.#serves(release)) {
      try {
        signal.throwIfAborted();
        await this.#load(release, signal, onProgress);
      } catch (error) {
        if (signal.aborted) return;
        failure = report.failed(release, error);
        const isUrgent = !model.engine || timeMends(failure);
        const retryInMs = backoff.next(isUrgent ? retry.maxMs : wrongVersionMaxMs);
        report.update({ status: "failed", version: release, failure, retryInMs });
        if (!model.engine && !timeMends(failure)) await this.#fallBack(earlier, signal);
        await delay(retryInMs, undefined, { signal }).catch(() => undefined);
      }
    }
    if (!signal.aborted) report.update(undefined);
  }

  /** Serves the first of these versions that can be had. */
  async #fallBack(earlier: readonly Release[], signal: AbortSignal): Promise<void> {
    for (const release of earlier) {
      try {
        await this.#load(release, signal);
        return;
      } catch (error) {
        if (signal.aborted || timeMends(this.#parts.report.failed(release, error))) return;
      }
    }
  }

  async #load(release: Release, signal: AbortSignal, onProgress?: (progress?: LoadProgress) => void): Promise<void> {
    const { loader, folder, model, engine: options, report, tracing } = this.#parts;
    const trace = new LoadTrace(tracing, release);
    const startMs = performance.now();
    onProgress?.();
    const path = folder.pathFor(release);
    try {
      const tell = (progress: LoadProgress) => {
        onProgress?.(progress);
        report.progress(release, progress);
      };
      const bundle = await trace.step("fetch", (onRead) =>
        loader.fetch(release, { folder: path, signal, onProgress: tell, onRead }),
      );
      const downloadMs = performance.now() - startMs;
      const circumstances = { isServing: model.engine !== undefined, signal };
      const engine = await trace.step("prove", () =>
        startEngine({ bundle, manifestSha256: release.manifestSha256 }, options, circumstances),
      );
      if (signal.aborted) await engine.close();
      signal.throwIfAborted();
      const bytes = totalBytes(bundle.manifest);
      const loaded = { path, bytes, downloadMs, loadMs: performance.now() - startMs };
      await trace.step("swap", () => this.#serve(engine, loaded));
      trace.end();
    } catch (error) {
      trace.end(error);
      await rm(path, { recursive: true, force: true });
      throw error;
    }
  }

  #serve(engine: StartedEngine, { path, ...loaded }: Loaded & { path: string }): void {
    const { model, report } = this.#parts;
    const replaced = model.engine?.manifest;
    const close = async () => {
      await engine.close();
      await rm(path, { recursive: true, force: true });
    };
    const retired = model.serve({ ...engine, close }).catch((error: unknown) => report.notClosed(error));
    report.serves(engine, loaded, replaced);
    this.#retiring = Promise.all([this.#retiring, retired]).then(() => undefined);
  }

  #serves({ manifestSha256 }: Release): boolean {
    return this.#parts.model.engine?.manifestSha256 === manifestSha256;
  }
}
