import type { Manifest } from "@tagsmith/model-bundle/manifest";
import type { Predictor } from "@tagsmith/model-bundle/predictor";
import { thresholdFactor } from "@tagsmith/model-bundle/threshold-factor";
import type { Example } from "../dataset.ts";
import { type LabelSet, targetsOf } from "../labels.ts";
import { judgedRows, scoreOf } from "../metrics.ts";
import { type Outcomes, outcomesOf } from "../outcomes.ts";

const chunk = 64;

/** A question's tags are read in lower case, whatever that of a model's labels is. */
const folded = (label: string) => label.toLowerCase();

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
  const known = predictor.manifest.labels.map(folded);
  const columns = set.labels.map((label) => known.indexOf(label));
  // In single precision, as the service compares them.
  const thresholds = columns.map((column) => Math.fround(predictor.manifest.thresholds[column] ?? 1));
  const labels = columns.length;
  const probabilities = new Float32Array(examples.length * labels);
  const factors = new Float32Array(examples.length);
  for (let begin = 0; begin < examples.length; begin += chunk) {
    const answers = await predictor.predict(examples.slice(begin, begin + chunk).map(({ question }) => question));
    answers.forEach((answer, index) => {
      factors[begin + index] = thresholdFactor(predictor.manifest, answer);
      probabilities.set(
        columns.map((column) => answer[column] ?? 0),
        (begin + index) * labels,
      );
    });
  }
  const scored = { probabilities, targets: targetsOf(examples, set), labels, factors };
  const rows = judgedRows(scored, labels);
  const tags = rows.map((row) => set.labels.filter((_, at) => scoreOf(scored, row, at) >= (thresholds[at] ?? 1)));
  return { outcomes: outcomesOf(scored, thresholds), rows, tags };
}
