import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Engine } from "./model-access.ts";
import { showPredictions } from "./prediction-counts.ts";
import type { ServedModel } from "./served-model.ts";

/** From a cheap model's answer to the longest request. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

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
  /** What is told who asks; where there are several processes, of all of them. */
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
  readonly loadFailures = new Counter({
    name: "tagsmith_model_load_failures_total",
    help: "Tries to load the model, or to learn which, that failed, by the reason's code.",
    labelNames: ["code"],
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
