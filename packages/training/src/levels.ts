import { type Calibration, confidenceAt, countMargins, type MarginBin, slopeAt } from "./calibration.ts";
import { WHOLE } from "./labels.ts";

/** What turns a label's margins into those that one calibration fits: factor × margin + shift. */
export interface Level {
  readonly factor: number;
  readonly shift: number;
}

interface Opinions {
  /** `[row * labels + label]`, of questions that the model was not trained on. */
  readonly margins: Float32Array;
  /** What a teacher thinks of them, as `sharesOf` gives it. */
  readonly shares: Uint8Array;
  readonly labels: number;
}

/** Margins are counted in bins of this width. */
const BIN_WIDTH = 1 / 64;
/** How strongly both numbers are drawn to the margin as it is: the inverse of a normal prior's variance. */
const RIDGE = 3;
/** A greater margin stays a greater confidence. */
const LEAST_FACTOR = 0.5;
const STEPS = 40;
const PRECISION = 1e-5;
/** Far from the optimum a Newton step would lead anywhere. */
const LONGEST_STEP = 0.2;

export const even = (labels: number): Level[] => Array.from({ length: labels }, () => ({ factor: 1, shift: 0 }));

/** `[row * labels + label]` of margins, or of a model's biases. */
export function levelled(margins: Float32Array, levels: readonly Level[]): Float32Array {
  return margins.map((margin, at) => {
    const { factor = 1, shift = 0 } = levels[at % levels.length] ?? {};
    return factor * margin + shift;
  });
}

/**
 * The likeliest level of each label under a calibration that all of them share. Rare labels' margins are drawn to zero more
 * than others', so that the same margin says more of them; the validation split has too few of each to tell, opinions have not.
 */
export function fitLevels({ margins, shares, labels }: Opinions, calibration: Calibration): Level[] {
  const rows = margins.length / labels;
  return even(labels).map((start, label) => {
    const own = Float32Array.from({ length: rows }, (_, row) => margins[row * labels + label] ?? 0);
    const bins = countMargins(own, (row) => (shares[row * labels + label] ?? 0) / WHOLE, BIN_WIDTH);
    let level = start;
    for (let step = 0; step < STEPS; step++) {
      const { factor, shift } = newtonStep(bins, level, calibration);
      level = { factor: Math.max(level.factor + factor, LEAST_FACTOR), shift: level.shift + shift };
      if (Math.max(Math.abs(factor), Math.abs(shift)) < PRECISION) break;
    }
    return level;
  });
}

/** Newton's method, as if the calibration were the line that each margin lies on. */
function newtonStep(bins: readonly MarginBin[], { factor, shift }: Level, calibration: Calibration): Level {
  const gradient = { factor: RIDGE * (factor - 1), shift: RIDGE * shift };
  const curvature = { factor: RIDGE, both: 0, shift: RIDGE };
  for (const { margin, count, positives } of bins) {
    const level = factor * margin + shift;
    const slope = slopeAt(level, calibration);
    const probability = confidenceAt(level, calibration);
    const residual = (count * probability - positives) * slope;
    const weight = count * probability * (1 - probability) * slope ** 2;
    gradient.factor += residual * margin;
    gradient.shift += residual;
    curvature.factor += weight * margin ** 2;
    curvature.both += weight * margin;
    curvature.shift += weight;
  }
  const determinant = curvature.factor * curvature.shift - curvature.both ** 2;
  return {
    factor: limited((curvature.both * gradient.shift - curvature.shift * gradient.factor) / determinant),
    shift: limited((curvature.both * gradient.factor - curvature.factor * gradient.shift) / determinant),
  };
}

const limited = (step: number): number => Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, step));
