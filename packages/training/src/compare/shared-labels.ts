import type { Manifest } from "@tagsmith/model-bundle/manifest";
import type { Predictor } from "@tagsmith/model-bundle/predictor";
import type { Example } from "../dataset.ts";
import { folded, scoreWith } from "../evaluate.ts";
import { type LabelSet } from "../labels.ts";
import { judgedRows, scoreOf } from "../metrics.ts";
import { type Outcomes, outcomesOf } from "../outcomes.ts";

/** The labels that both models know, in lower case; first those that every source of the data observes. */
export function sharedLabels([one, other]: readonly [Manifest, Manifest], data: readonly Example[]): LabelSet {
  const known = new Set(other.labels.map(folded));
  const shared = [...new Set(one.labels.map(folded))].filter((label) => known.has(label));
  const listed = new Set(data.filter(({ tagsComplete }) => !tagsComplete).flatMap(({ tags }) => tags));
  const observed = listed.size === 0 ? shared : shared.filter((label) => listed.has(label));
  return { labels: [...new Set([...observed, ...shared])], observedCount: observed.length };
}

export interface Decided {
  readonly outcomes: Outcomes;
  /** The judged questions, as positions among the examples. */
  readonly rows: readonly number[];
  /** What the model suggests for each of them, of the shared labels. */
  readonly tags: readonly (readonly string[])[];
}

/** Asks a model, through onnxruntime and with its own thresholds. */
export async function decide(predictor: Predictor, examples: readonly Example[], set: LabelSet): Promise<Decided> {
  const { labels, thresholds: own } = predictor.manifest;
  const known = labels.map(folded);
  // In single precision, as the service compares them.
  const thresholds = set.labels.map((label) => Math.fround(own[known.indexOf(label)] ?? 1));
  const scored = await scoreWith(predictor, examples, set);
  const rows = judgedRows(scored, scored.labels);
  const tags = rows.map((row) => set.labels.filter((_, at) => scoreOf(scored, row, at) >= (thresholds[at] ?? 1)));
  return { outcomes: outcomesOf(scored, thresholds), rows, tags };
}
