import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { errorWire, type ErrorCode } from "./errors.ts";
import type { Engine } from "./model-access.ts";
import type { Ran } from "./observed-run.ts";
import { showPredictions } from "./prediction-counts.ts";
import type { ServedModel } from "./served-model.ts";
import { TrialFigures } from "./trial-figures.ts";

/** From a cheap model's answer to the longest request. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** From one question to a cheap model to a batch on a heavy one. */
const runBuckets = [0.00005, 0.0001, 0.00025, ...durationBuckets.slice(0, 10)];

export interface Answered {
  /** One of a closed set: never a raw path, which anybody can invent. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

interface LoadedModel {
  readonly engine: Engine;
  readonly bytes: number;
  readonly seconds: number;
  /** Whether it took another one's place. */
  readonly isSwap: boolean;
}

/** What `/metrics` shows, in Prometheus's words. */
export class Metrics {
  readonly registry = new Registry();
  /** The text that a scrape gets: of all processes, where there are several. */
  read = (): Promise<string> => this.registry.metrics();
  readonly #registers = [this.registry];
  readonly #requests = new Counter({
    name: "tagsmith_requests_total",
    help: "Requests answered, by route and status.",
    labelNames: ["route", "status"],
    registers: this.#registers,
  });
  readonly #durations = new Histogram({
    name: "tagsmith_request_duration_seconds",
    help: "From the request's head to the last byte of its answer.",
    labelNames: ["route"],
    buckets: durationBuckets,
    registers: this.#registers,
  });
  readonly inFlight = new Gauge({
    name: "tagsmith_requests_in_flight",
    help: "Requests being answered.",
    registers: this.#registers,
  });
  readonly #failures = new Counter({
    name: "tagsmith_failures_total",
    help: "Requests and calls of a batch that failed, by the error's code.",
    labelNames: ["code"],
    registers: this.#registers,
  });
  readonly #queueSeconds = new Histogram({
    name: "tagsmith_queue_seconds",
    help: "How long a request waited for the model before its work began.",
    buckets: durationBuckets,
    registers: this.#registers,
  });
  readonly #runSeconds = new Histogram({
    name: "tagsmith_run_seconds",
    help: "One run of the model, of all its questions: features, session and, of a model in threads, its wait for the runs before.",
    buckets: runBuckets,
    registers: this.#registers,
  });
  readonly #runQuestions = new Histogram({
    name: "tagsmith_run_questions",
    help: "Questions in one run of the model: the size of the batch.",
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers: this.#registers,
  });
  readonly loadFailures = new Counter({
    name: "tagsmith_model_load_failures_total",
    help: "Tries to load the model, or to learn which, that failed, by the reason's code.",
    labelNames: ["code"],
    registers: this.#registers,
  });
  readonly threadDeaths = new Counter({
    name: "tagsmith_model_thread_deaths_total",
    help: "Threads that served a model and died, each of which is replaced.",
    registers: this.#registers,
  });
  readonly loaderCrashes = new Counter({
    name: "tagsmith_loader_crashes_total",
    help: "Deaths of the thread that fetches models.",
    registers: this.#registers,
  });
  readonly #swaps = new Counter({
    name: "tagsmith_model_swaps_total",
    help: "Models that took another one's place.",
    registers: this.#registers,
  });
  readonly #loadSeconds = new Gauge({
    name: "tagsmith_model_load_seconds",
    help: "From the first byte asked for to a warm, checked model.",
    aggregator: "max",
    registers: this.#registers,
  });
  readonly #loadBytes = new Gauge({
    name: "tagsmith_model_bytes",
    help: "Bytes of the model's files.",
    aggregator: "max",
    registers: this.#registers,
  });
  readonly #modelInfo = new Gauge({
    name: "tagsmith_model_info",
    help: "1 for the model that serves.",
    aggregator: "max",
    labelNames: ["name", "version", "manifest_sha256"],
    registers: this.#registers,
  });

  /** Of the version that is tried out, and the one beside it. */
  readonly trial = new TrialFigures(this.registry);

  constructor(model: ServedModel) {
    collectDefaultMetrics({ register: this.registry });
    showPredictions(this.registry);
    new Gauge({
      name: "tagsmith_model_waiting",
      help: "Requests that wait for the model.",
      registers: this.#registers,
      collect() {
        this.set(model.admission.waiting);
      },
    });
    new Gauge({
      name: "tagsmith_model_ready",
      help: "1 when a model serves; of several processes, in each.",
      aggregator: "min",
      registers: this.#registers,
      collect() {
        this.set(model.engine ? 1 : 0);
      },
    });
  }

  answered({ route, status, seconds }: Answered): void {
    this.#requests.inc({ route, status });
    this.#durations.observe({ route }, seconds);
    if (status === errorWire.client_gone.status) this.#failures.inc({ code: "client_gone" });
  }

  /** Clients that left are counted when the request ends, since not every handler learns of it. */
  failed(code: ErrorCode): void {
    if (code !== "client_gone") this.#failures.inc({ code });
  }

  admitted(waitedSeconds: number): void {
    this.#queueSeconds.observe(waitedSeconds);
  }

  ran({ questions, seconds }: Ran): void {
    this.#runSeconds.observe(seconds);
    this.#runQuestions.observe(questions);
  }

  modelLoaded({ engine, bytes, seconds, isSwap }: LoadedModel): void {
    const { name, version } = engine.manifest;
    this.#modelInfo.reset();
    this.#modelInfo.set({ name, version, manifest_sha256: engine.manifestSha256 }, 1);
    this.#loadSeconds.set(seconds);
    this.#loadBytes.set(bytes);
    if (isSwap) this.#swaps.inc();
  }
}
