import type { Version } from "@tagsmith/model-bundle/layout";
import type { TrialTerms } from "@tagsmith/model-bundle/trial";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Comparison } from "./compare.ts";

/** The version in use, and the one that is tried out beside it. */
export type Role = "current" | "candidate";

/** From a cheap model's question to a heavy one's that waited. */
const secondsBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const confidenceBuckets = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** What is measured of both versions while one is tried out. It begins anew with each trial. */
export class TrialFigures {
  readonly #share: Gauge<"name" | "version" | "mode">;
  readonly #requests: Counter<"role" | "outcome">;
  readonly #seconds: Histogram<"role">;
  readonly #confidence: Histogram<"role">;
  readonly #comparisons: Counter<"outcome">;
  readonly #agreement: Counter<"measure">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#share = new Gauge({
      name: "tagsmith_trial_share",
      help: "The share of the questions that the version on trial is asked.",
      aggregator: "max",
      labelNames: ["name", "version", "mode"],
      registers,
    });
    this.#requests = new Counter({
      name: "tagsmith_trial_requests_total",
      help: "Requests to each version in the trial: answered, failed, or busy where the one in use had to answer instead.",
      labelNames: ["role", "outcome"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "tagsmith_trial_question_seconds",
      help: "What each version took for a question in the trial; of a batch, its part of the batch's time.",
      labelNames: ["role"],
      buckets: secondsBuckets,
      registers,
    });
    this.#confidence = new Histogram({
      name: "tagsmith_trial_confidence",
      help: "How sure each version was of its first guess in the trial, for the first question of a request.",
      labelNames: ["role"],
      buckets: confidenceBuckets,
      registers,
    });
    this.#comparisons = new Counter({
      name: "tagsmith_trial_comparisons_total",
      help: "Answers that were compared with the candidate's, or dropped because there was more to do than that.",
      labelNames: ["outcome"],
      registers,
    });
    this.#agreement = new Counter({
      name: "tagsmith_trial_agreement_total",
      help: "Sums over the comparisons, each 0 to 1: same tags, same first guess, overlap of tags, difference of confidences.",
      labelNames: ["measure"],
      registers,
    });
  }

  begin({ name, version }: Version, { mode, share }: TrialTerms): void {
    this.end();
    this.#share.set({ name, version, mode }, share);
  }

  end(): void {
    this.#share.reset();
    this.#requests.reset();
    this.#seconds.reset();
    this.#confidence.reset();
    this.#comparisons.reset();
    this.#agreement.reset();
  }

  answered(role: Role, seconds: number, rows: readonly Float32Array[]): void {
    this.#requests.inc({ role, outcome: "answered" });
    this.#seconds.observe({ role }, seconds / Math.max(1, rows.length));
    if (rows[0]) this.#confidence.observe({ role }, greatest(rows[0]));
  }

  failed(role: Role): void {
    this.#requests.inc({ role, outcome: "failed" });
  }

  /** The candidate had as much to do as it can. */
  busy(): void {
    this.#requests.inc({ role: "candidate", outcome: "busy" });
  }

  compared({ sameTags, sameFirst, overlap, difference }: Comparison): void {
    this.#comparisons.inc({ outcome: "compared" });
    this.#agreement.inc({ measure: "tags" }, sameTags);
    this.#agreement.inc({ measure: "first" }, sameFirst);
    this.#agreement.inc({ measure: "overlap" }, overlap);
    this.#agreement.inc({ measure: "difference" }, difference);
  }

  dropped(): void {
    this.#comparisons.inc({ outcome: "dropped" });
  }
}

function greatest(row: Float32Array): number {
  let most = 0;
  for (const probability of row) if (probability > most) most = probability;
  return most;
}
