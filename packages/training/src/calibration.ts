/** A margin becomes a logit: `slope * margin + offset`. */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

const ITERATIONS = 30;

/** Platt's logistic regression on the margins of all labels at once, by Newton's method; targets of 0 are left out. */
export function calibrate(margins: Float32Array, targets: Int8Array): Calibration {
  let slope = 1;
  let offset = 0;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    let [gradientSlope, gradientOffset, slopes, mixed, offsets] = [0, 0, 1e-6, 0, 1e-6];
    for (let at = 0; at < targets.length; at++) {
      const target = targets[at] ?? 0;
      if (target === 0) continue;
      const margin = margins[at] ?? 0;
      const probability = 1 / (1 + Math.exp(-(slope * margin + offset)));
      const error = probability - (target > 0 ? 1 : 0);
      const curvature = probability * (1 - probability);
      gradientSlope += error * margin;
      gradientOffset += error;
      slopes += curvature * margin * margin;
      mixed += curvature * margin;
      offsets += curvature;
    }
    const determinant = slopes * offsets - mixed * mixed;
    slope -= (offsets * gradientSlope - mixed * gradientOffset) / determinant;
    offset -= (slopes * gradientOffset - mixed * gradientSlope) / determinant;
  }
  return { slope, offset };
}
