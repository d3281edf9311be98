import { type Metrics } from "@tagsmith/model-bundle/manifest";
import { f1Margins } from "./bootstrap.ts";
import { type View } from "./evaluate.ts";
import { calibrationError, coverage, f1Scores, judgedRows, reliability, type Scored, visible } from "./metrics.ts";
import { answeredOrNot, confidentOf, type Selection } from "./selective.ts";
import { type Cuts, smoothCuts } from "./thresholds.ts";

/** How strongly a label's cut is smoothed: best for the weighted F1, best for the micro F1 (one cut), and what is shipped. */
export const modes = { weighted: 30, micro: Infinity, shipped: 400 } as const;

/** At which the accuracy is shown against the coverage. */
const CONFIDENCES = [0, 0.2, 0.4, 0.6, 0.8, 0.9];

export interface Yardstick {
  readonly thresholds: readonly number[];
  /** So many of the first labels are judged by F1: those that every source observes. */
  readonly columns: number;
}

/** The figures of a row of the model's card. */
export function measure(scored: Scored, { thresholds, columns }: Yardstick): Metrics {
  return {
    ...f1Figures(scored, thresholds, columns),
    calibration_error: visibleError(scored),
    coverage: round(coverage(scored, thresholds)),
    questions: judgedRows(scored, columns).length,
  };
}

interface Alternatives extends Readonly<Record<View, Scored>> {
  readonly tuning: Readonly<Record<View, Cuts>>;
  readonly columns: number;
}

/** F1 with other thresholds than the shipped ones: smoothed by `strength`, tuned on titles and on bodies apart. */
export function f1Under(strength: number, { tuning, titles, bodies, columns }: Alternatives): Metrics {
  return {
    titles: f1Figures(titles, smoothCuts(tuning.titles, strength), columns),
    bodies: f1Figures(bodies, smoothCuts(tuning.bodies, strength), columns),
  };
}

type Splits = Readonly<Record<"validation" | "test", Readonly<Record<View, Scored>>>>;

/** On the validation split, cross-fitted, and on the test split: what people see of the error, and the usual figure. */
export function calibrationErrors(splits: Splits): Metrics {
  const byView = (errorOf: (scored: Scored) => number): Metrics => ({
    validation_titles: errorOf(splits.validation.titles),
    validation_bodies: errorOf(splits.validation.bodies),
    test_titles: errorOf(splits.test.titles),
    test_bodies: errorOf(splits.test.bodies),
  });
  return {
    above_10_percent: byView(visibleError),
    at_all_confidences: byView((scored) => round(calibrationError(reliability(scored)))),
  };
}

/** How right the most confident tag is, and of how many questions: the surer an answer has to be, the righter it is. */
export function selectiveAccuracy(scored: Scored, thresholds: readonly number[]): Metrics {
  const shown = ({ coverage: share, accuracy }: Selection): Metrics => ({
    coverage: round(share),
    best_tag_right: round(accuracy),
  });
  const { answered, not_sure } = answeredOrNot(scored, thresholds);
  const levels = CONFIDENCES.map(
    (least) => [`at_least_${least * 100}_percent`, shown(confidentOf(scored, least))] as const,
  );
  return { answered: shown(answered), not_sure: shown(not_sure), ...Object.fromEntries(levels) };
}

function visibleError(scored: Scored): number {
  return round(calibrationError(visible(reliability(scored))));
}

function f1Figures(scored: Scored, thresholds: readonly number[], columns: number): Metrics {
  const { weighted, micro } = f1Scores(scored, thresholds, columns);
  const margins = f1Margins(scored, thresholds, columns);
  return {
    weighted_f1: round(weighted),
    weighted_f1_margin: round(margins.weighted),
    micro_f1: round(micro),
    micro_f1_margin: round(margins.micro),
  };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
