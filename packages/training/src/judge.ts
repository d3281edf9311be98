import { type Metrics } from "@tagsmith/model-bundle/manifest";
import { type Predictor } from "@tagsmith/model-bundle/predictor";
import { runBaseline } from "./baseline.ts";
import { type Example, ofSplit } from "./dataset.ts";
import { scoreWith, type View, viewOf } from "./evaluate.ts";
import { type LabelSet } from "./labels.ts";
import { calibrationErrors, f1Under, measure, modes, selectiveAccuracy } from "./measure.ts";
import { countByLabel, f1, reliability, type ReliabilityBin, type Scored } from "./metrics.ts";
import { modernTrack } from "./modern-track.ts";
import { type Period, periodsOf, sourcesOf } from "./periods.ts";
import { type Cuts, findCuts, smoothCuts } from "./thresholds.ts";

export interface LabelF1 {
  readonly label: string;
  readonly f1: number;
  readonly positives: number;
}

/** A row of the report's table: a part of `metrics`, in words. */
export interface Row {
  readonly metric: string;
  readonly name: string;
  readonly sources: readonly string[];
}

export interface Judgement {
  readonly thresholds: readonly number[];
  readonly metrics: Metrics;
  readonly rows: readonly Row[];
  /** What the shipped model was trained on. */
  readonly sources: readonly string[];
  /** On the test split, by their titles. */
  readonly labelScores: readonly LabelF1[];
  /** On the test split. */
  readonly reliability: Readonly<Record<View, readonly ReliabilityBin[]>>;
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
  /** The validation split, by confidences that were not fitted to it. */
  readonly validation: Readonly<Record<View, Scored>>;
}

/** Judges the shipped model on the test split, once. */
export async function judge(predictor: Predictor, { examples, set, tuning, validation }: Asked): Promise<Judgement> {
  const test = ofSplit(examples, "test");
  const byTitle = viewOf(test, "titles");
  const titles = await scoreWith(predictor, byTitle, set);
  const bodies = await scoreWith(predictor, viewOf(test, "bodies"), set);
  const thresholds = smoothCuts(tuning.titles, modes.shipped);
  const yardstick = { thresholds, columns: set.observedCount };
  const periods = periodsOf(byTitle);
  const measured: Metrics = {};
  for (const period of periods) {
    measured[keyOf(period)] = measure(await scoreWith(predictor, period.examples, set), yardstick);
  }
  const modern = modernTrack(examples, { examples: byTitle, scored: titles, thresholds, set });
  if (modern) measured[MODERN.metric] = measure(modern.scored, modern.yardstick);
  return {
    thresholds,
    metrics: {
      titles: measure(titles, yardstick),
      bodies: measure(bodies, yardstick),
      ...measured,
      predecessor_titles: measureBaseline(examples, set),
      other_thresholds: {
        best_for_weighted_f1: f1Under(modes.weighted, { tuning, titles, bodies, columns: set.observedCount }),
        best_for_micro_f1: f1Under(modes.micro, { tuning, titles, bodies, columns: set.observedCount }),
      },
      sureness: {
        titles: selectiveAccuracy(titles, thresholds),
        bodies: selectiveAccuracy(bodies, thresholds),
      },
      calibration_error: calibrationErrors({ validation, test: { titles, bodies } }),
    },
    rows: rowsOf(periods, modern ? [MODERN] : []),
    sources: sourcesOf(examples.filter(({ split }) => split !== "test")),
    labelScores: labelScores(titles, thresholds, set.labels),
    reliability: { titles: reliability(titles), bodies: reliability(bodies) },
  };
}

const MODERN: Row = {
  metric: "titles_modern_labels",
  name: "Titles whose sources keep all tags, on their 100 most common ones",
  sources: [],
};
const keyOf = ({ years }: Period): string => `titles_${years.replaceAll(" ", "_")}`;

function rowsOf(periods: readonly Period[], modern: readonly Row[]): Row[] {
  return [
    { metric: "titles", name: "Titles", sources: [] },
    { metric: "bodies", name: "Titles with bodies", sources: [] },
    ...periods.map((period) => ({
      metric: keyOf(period),
      name: `Titles, ${period.years}`,
      sources: period.sources,
    })),
    ...modern,
    { metric: "predecessor_titles", name: "Predecessor, titles", sources: [] },
  ];
}

function measureBaseline(examples: readonly Example[], set: LabelSet): Metrics {
  const columns = set.observedCount;
  const score = runBaseline(examples, { labels: set.labels.slice(0, columns), observedCount: columns }, 1);
  const cuts = findCuts(score(viewOf(ofSplit(examples, "val"), "titles")), columns);
  const scored = score(viewOf(ofSplit(examples, "test"), "titles"));
  return measure(scored, { thresholds: smoothCuts(cuts, modes.shipped), columns });
}

function labelScores(scored: Scored, thresholds: readonly number[], labels: readonly string[]): LabelF1[] {
  return countByLabel(scored, thresholds, labels.length).map((counts, column) => ({
    label: labels[column] ?? "",
    f1: f1(counts),
    positives: counts.truePositives + counts.falseNegatives,
  }));
}
