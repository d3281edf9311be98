import { type Metrics } from "@tagsmith/model-bundle/manifest";
import { type Predictor } from "@tagsmith/model-bundle/predictor";
import { runBaseline } from "./baseline.ts";
import { type Example } from "./dataset.ts";
import { scoreWith, type View, viewOf } from "./evaluate.ts";
import { type LabelSet } from "./labels.ts";
import {
  calibrationError,
  countByLabel,
  coverage,
  f1,
  f1Scores,
  judgedRows,
  reliability,
  type ReliabilityBin,
  type Scored,
} from "./metrics.ts";
import { type Split } from "./split.ts";
import { type Cuts, findCuts, smoothCuts } from "./thresholds.ts";

/** How strongly a label's cut is smoothed: best for the weighted F1, best for the micro F1 (one cut), and what is shipped. */
export const modes = { weighted: 30, micro: Infinity, shipped: 150 } as const;

/** Fewer questions of a source than this say little. */
const SMALLEST_SOURCE = 100;

export interface LabelF1 {
  readonly label: string;
  readonly f1: number;
  readonly positives: number;
}

export interface Judgement {
  readonly thresholds: readonly number[];
  readonly metrics: Metrics;
  /** On the test split, by their titles. */
  readonly labelScores: readonly LabelF1[];
  readonly reliability: readonly ReliabilityBin[];
}

/** The cuts of the validation split, which decide all thresholds. */
export type Tuning = Readonly<Record<View, Cuts>>;

/** Finds the cuts on the validation split, with a model that was not trained on it. */
export async function tune(predictor: Predictor, examples: readonly Example[], set: LabelSet): Promise<Tuning> {
  const held = ofSplit(examples, "val");
  const cutsOf = async (view: View): Promise<Cuts> =>
    findCuts(await scoreWith(predictor, viewOf(held, view), set), set.observedCount);
  return { titles: await cutsOf("titles"), bodies: await cutsOf("bodies") };
}

export interface Asked {
  readonly examples: readonly Example[];
  readonly set: LabelSet;
  readonly tuning: Tuning;
}

/** Judges the shipped model on the test split, once. */
export async function judge(predictor: Predictor, { examples, set, tuning }: Asked): Promise<Judgement> {
  const test = ofSplit(examples, "test");
  const ask = (asked: readonly Example[]): Promise<Scored> => scoreWith(predictor, asked, set);
  const titleScores = await ask(viewOf(test, "titles"));
  const of = (cuts: Cuts): Yardstick => ({ cuts, shipped: tuning.titles, set });
  const thresholds = smoothCuts(tuning.titles, modes.shipped);
  return {
    thresholds,
    metrics: {
      titles: measure(titleScores, of(tuning.titles)),
      bodies: measure(await ask(viewOf(test, "bodies")), of(tuning.bodies)),
      sources: await measureSources(viewOf(test, "titles"), ask, of(tuning.titles)),
      predecessor: measureBaseline(examples, set),
    },
    labelScores: labelScores(titleScores, thresholds, set.labels),
    reliability: reliability(titleScores),
  };
}

function ofSplit(examples: readonly Example[], split: Split): Example[] {
  return examples.filter((example) => example.split === split);
}

interface Yardstick {
  /** Tuned on the same view of the validation split. */
  readonly cuts: Cuts;
  readonly shipped: Cuts;
  readonly set: LabelSet;
}

function measure(scored: Scored, { cuts, shipped, set }: Yardstick): Record<string, Metrics | number> {
  const columns = set.observedCount;
  const shippedCuts = smoothCuts(shipped, modes.shipped);
  return {
    weighted: scores(scored, smoothCuts(cuts, modes.weighted), columns),
    micro: scores(scored, smoothCuts(cuts, modes.micro), columns),
    shipped: scores(scored, shippedCuts, columns),
    questions: judgedRows(scored, columns).length,
    calibration_error: round(calibrationError(reliability(scored))),
    coverage: round(coverage(scored, shippedCuts)),
  };
}

function scores(scored: Scored, thresholds: readonly number[], columns: number): Metrics {
  const { weighted, micro } = f1Scores(scored, thresholds, columns);
  return { weighted_f1: round(weighted), micro_f1: round(micro) };
}

type Ask = (asked: readonly Example[]) => Promise<Scored>;

async function measureSources(asked: readonly Example[], ask: Ask, yardstick: Yardstick): Promise<Metrics> {
  const measured: Record<string, Metrics> = {};
  for (const source of [...new Set(asked.map((example) => example.source))].toSorted()) {
    const examples = asked.filter((example) => example.source === source);
    if (examples.length >= SMALLEST_SOURCE) measured[source] = measure(await ask(examples), yardstick);
  }
  return measured;
}

function measureBaseline(examples: readonly Example[], set: LabelSet): Metrics {
  const observed = { labels: set.labels.slice(0, set.observedCount), observedCount: set.observedCount };
  const score = runBaseline(examples, observed, 1);
  const cuts = findCuts(score(viewOf(ofSplit(examples, "val"), "titles")), observed.observedCount);
  const scored = score(viewOf(ofSplit(examples, "test"), "titles"));
  return measure(scored, { cuts, shipped: cuts, set: observed });
}

function labelScores(scored: Scored, thresholds: readonly number[], labels: readonly string[]): LabelF1[] {
  return countByLabel(scored, thresholds, labels.length).map((counts, column) => ({
    label: labels[column] ?? "",
    f1: f1(counts),
    positives: counts.truePositives + counts.falseNegatives,
  }));
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
