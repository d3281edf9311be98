/** How the two models' scores become one logit: `linear * a + bag * b + c`. */
export interface Mixture {
  readonly linear: number;
  readonly bag: number;
  readonly offset: number;
}

export interface Scores {
  readonly linear: Float32Array;
  readonly bag: Float32Array;
}

const ITERATIONS = 30;

/**
 * Logistic regression on the two scores by Newton's method: it weighs the models against each other and calibrates their
 * sum at once. Targets of 0 are left out.
 */
export function fitMixture({ linear, bag }: Scores, targets: Int8Array): Mixture {
  let [a, b, c] = [1, 1, 0];
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const sums = new Float64Array(9);
    for (let at = 0; at < targets.length; at++) {
      const target = targets[at] ?? 0;
      if (target === 0) continue;
      const x = linear[at] ?? 0;
      const y = bag[at] ?? 0;
      const p = 1 / (1 + Math.exp(-(a * x + b * y + c)));
      const error = p - (target > 0 ? 1 : 0);
      const h = p * (1 - p);
      [error * x, error * y, error, h * x * x, h * x * y, h * x, h * y * y, h * y, h].forEach((term, index) => {
        sums[index] = (sums[index] ?? 0) + term;
      });
    }
    const [da, db, dc] = solve(sums);
    a -= da;
    b -= db;
    c -= dc;
  }
  return { linear: a, bag: b, offset: c };
}

/** Cramer's rule on the symmetric 3 x 3 system of a Newton step, a little damped. */
function solve(sums: Float64Array): [number, number, number] {
  const [g0 = 0, g1 = 0, g2 = 0, h00 = 0, h01 = 0, h02 = 0, h11 = 0, h12 = 0, h22 = 0] = sums;
  const [a, d, f] = [h00 + 1e-6, h11 + 1e-6, h22 + 1e-6];
  const determinant = (r0: number[], r1: number[], r2: number[]): number => {
    const [a0 = 0, a1 = 0, a2 = 0] = r0;
    const [b0 = 0, b1 = 0, b2 = 0] = r1;
    const [c0 = 0, c1 = 0, c2 = 0] = r2;
    return a0 * (b1 * c2 - b2 * c1) - a1 * (b0 * c2 - b2 * c0) + a2 * (b0 * c1 - b1 * c0);
  };
  const whole = determinant([a, h01, h02], [h01, d, h12], [h02, h12, f]);
  return [
    determinant([g0, h01, h02], [g1, d, h12], [g2, h12, f]) / whole,
    determinant([a, g0, h02], [h01, g1, h12], [h02, g2, f]) / whole,
    determinant([a, h01, g0], [h01, d, g1], [h02, h12, g2]) / whole,
  ];
}
