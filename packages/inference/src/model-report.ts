import { versionId, type Version } from "@tagsmith/model-bundle/layout";
import type { Logger } from "pino";
import type { TrialTerms } from "@tagsmith/model-bundle/trial";
import type { StartedEngine } from "./engine.ts";
import { describe, type Failure } from "./failure.ts";
import type { News } from "./loader.ts";
import type { LoadProgress } from "./loader-worker.ts";
import type { Metrics } from "./metrics.ts";
import type { Engine } from "./model-access.ts";
import type { Loaded } from "./model-load.ts";
import type { ServedModel, Update } from "./served-model.ts";

/** Tells operators of the models' life: in `/readyz`, the log and the metrics. */
export class ModelReport {
  readonly #model: ServedModel;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  #update: Update | undefined;
  /** Why it can't be known what is promoted, if it can't. */
  #blindness: Update | undefined;

  constructor({ model, log, metrics }: { model: ServedModel; log: Logger; metrics: Metrics }) {
    this.#model = model;
    this.#log = log;
    this.#metrics = metrics;
  }

  promoted(version: Version): void {
    this.#log.info(named(version), "model promoted");
  }

  /** It can't be known what is promoted. */
  blind({ type, failure, retryInMs }: Exclude<News, { type: "promotion" }>): void {
    if (type === "crashed") this.#metrics.loaderCrashes.inc();
    else this.#metrics.loadFailures.inc({ code: failure.code });
    const isKnown = this.#blindness?.failure?.reason === failure.reason;
    this.#blindness = { status: "failed", failure, retryInMs };
    this.#show();
    const fields = { ...failure, retry_in_ms: retryInMs };
    if (type === "crashed") this.#log.error(fields, "loader crashed");
    else if (!isKnown) this.#log.error(fields, "promoted model unknown");
  }

  seeing(): void {
    this.#blindness = undefined;
    this.#show();
  }

  /** What keeps the promoted version from serving; nothing once it does. */
  update(update: Update | undefined): void {
    this.#update = update;
    this.#show();
  }

  progress(version: Version, progress: LoadProgress): void {
    this.#log.info({ ...named(version), ...progressFields(progress) }, "model loading");
  }

  /** Returns what operators are told of the error. */
  failed(version: Version, error: unknown): Failure {
    const failure = describe(error);
    this.#metrics.loadFailures.inc({ code: failure.code });
    this.#log.error({ ...named(version), code: failure.code, err: error }, "model not loaded");
    return failure;
  }

  /** `replaced` served until now. */
  serves(engine: StartedEngine, loaded: Loaded, replaced: Version | undefined): void {
    const { bytes, downloadMs, loadMs } = loaded;
    this.#metrics.modelLoaded({ engine, bytes, seconds: loadMs / 1_000, isSwap: replaced !== undefined });
    this.#log.info(
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
  }

  /** What keeps the candidate from being tried out. */
  candidateUpdate(update: Update | undefined): void {
    this.#model.candidateUpdate = update;
  }

  tries({ manifest }: Engine, { mode, share }: TrialTerms): void {
    this.#log.info({ ...named(manifest), mode, share }, "model on trial");
  }

  triesNoMore({ manifest }: Engine): void {
    this.#log.info(named(manifest), "trial ended");
  }

  /** A model in the trial could not answer; another one may have done so. */
  trialFailed({ manifest }: Engine, error: unknown): void {
    this.#log.warn({ ...named(manifest), err: error }, "model failed on trial");
  }

  notClosed(error: unknown): void {
    this.#log.error({ err: error }, "model not closed in order");
  }

  #show(): void {
    this.#model.update = this.#blindness ?? this.#update;
  }
}

const named = ({ name, version }: Version) => ({ model: name, version });

/** As the log and `/readyz` write it. */
export function progressFields(progress: Omit<LoadProgress, "bytesTotal"> & { bytesTotal: number | null }) {
  const { bytesLoaded, bytesTotal, bytesPerSecond } = progress;
  return { bytes_loaded: bytesLoaded, bytes_total: bytesTotal, bytes_per_second: bytesPerSecond };
}
