import { type Bin, fitLogistic } from "./logistic.ts";

/**
 * Turns margins into logits by straight lines that meet at the knots (ascending margins): `offset` at the first knot, and
 * `slopes[piece]` before knot `piece`, one more than knots. All slopes are positive: a greater margin is a greater confidence.
 */
export interface Calibration {
  readonly knots: readonly number[];
  readonly slopes: readonly number[];
  readonly offset: number;
}

/** As many bends as raise the likelihood of questions that it was not fitted on. */
const KNOTS = 7;
/** Margins are counted in bins of this width: a thousand of them say as much as a million margins. */
const BIN_WIDTH = 1 / 256;
/** A prior on the slopes, felt only where next to no data are. */
const RIDGE = 0.1;
const LEAST_SLOPE = 0.1;

/**
 * Finds the likeliest calibration for the margins of all labels at once; targets of 0 are left out. One straight line, as
 * in Platt's method, cannot fit: a support vector machine draws nearly all questions without a tag to a margin of -1, and
 * there the logit rises several times as fast as among those that have it.
 */
export function calibrate(margins: Float32Array, targets: Int8Array): Calibration {
  const knots = placeKnots(margins.filter((_, at) => targets[at] === 1));
  const shareOf = (at: number) => (targets[at] === 0 ? undefined : Number(targets[at] === 1));
  const bins = countMargins(margins, shareOf, BIN_WIDTH);
  const slopes = Array.from({ length: knots.length + 1 }, (_, piece) => ({
    inputs: bins.map(({ margin }) => distanceWithin(margin, knots, piece)),
    ridge: RIDGE,
    least: LEAST_SLOPE,
  }));
  const [offset = 0, ...fitted] = fitLogistic(bins, [
    { inputs: bins.map(() => 1), ridge: 0, least: -Infinity },
    ...slopes,
  ]);
  return { knots, slopes: fitted, offset };
}

/** The probabilities of margins, in the same order. */
export function confidencesOf(margins: Float32Array, calibration: Calibration): Float32Array {
  return margins.map((margin) => confidenceAt(margin, calibration));
}

export function confidenceAt(margin: number, { knots, slopes, offset }: Calibration): number {
  const logit = slopes.reduce((sum, slope, piece) => sum + slope * distanceWithin(margin, knots, piece), offset);
  return 1 / (1 + Math.exp(-logit));
}

/** Of the line that a margin lies on. */
export function slopeAt(margin: number, { knots, slopes }: Calibration): number {
  return slopes[knots.filter((knot) => knot <= margin).length] ?? 0;
}

/** How far one walks inside a piece on the way from the first knot to a margin: to the left in the first piece. */
function distanceWithin(margin: number, knots: readonly number[], piece: number): number {
  const begin = knots[piece - 1];
  const end = knots[piece] ?? Infinity;
  return begin === undefined ? Math.min(margin - end, 0) : Math.max(Math.min(margin, end) - begin, 0);
}

/** Knots with equally many positives between them; there is always one. */
function placeKnots(positives: Float32Array): number[] {
  const sorted = positives.toSorted();
  const quantiles = Array.from(
    { length: KNOTS },
    (_, index) => sorted[Math.floor((sorted.length * (index + 1)) / (KNOTS + 1))] ?? 0,
  );
  return [...new Set(quantiles)];
}

/** Margins that are alike. */
export interface MarginBin extends Bin {
  readonly margin: number;
}

/** Bins of this width; `shareOf` says how much of each margin is a positive, undefined where it says nothing. */
export function countMargins(
  margins: Float32Array,
  shareOf: (at: number) => number | undefined,
  width: number,
): MarginBin[] {
  const bins = new Map<number, { margin: number; positives: number; count: number }>();
  margins.forEach((exact, at) => {
    const share = shareOf(at);
    if (share === undefined) return;
    const margin = Math.round(exact / width) * width;
    const bin = bins.get(margin) ?? { margin, positives: 0, count: 0 };
    bins.set(margin, bin);
    bin.count += 1;
    bin.positives += share;
  });
  return [...bins.values()];
}
