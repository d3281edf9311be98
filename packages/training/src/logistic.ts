/** Observations that are alike. */
export interface Bin {
  readonly positives: number;
  readonly count: number;
}

/** What is added to the logit: a coefficient times the input, of which each bin has one. */
export interface Term {
  readonly inputs: readonly number[];
  /** How strongly the coefficient is drawn to zero: the inverse of a normal prior's variance. */
  readonly ridge: number;
  /** The coefficient may not be less. */
  readonly least: number;
}

const SWEEPS = 1000;
const PRECISION = 1e-5;
/** Far from the optimum, where the likelihood is flat, a Newton step would lead anywhere. */
const LONGEST_STEP = 1;

/** Logistic regression within bounds: Newton's method on one term after the other, until none of them moves. */
export function fitLogistic(bins: readonly Bin[], terms: readonly Term[]): number[] {
  const coefficients = terms.map(({ least }) => Math.max(least, 0));
  const logits = bins.map((_, at) =>
    terms.reduce((sum, { inputs }, index) => sum + (coefficients[index] ?? 0) * (inputs[at] ?? 0), 0),
  );
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let farthest = 0;
    terms.forEach((term, index) => {
      const old = coefficients[index] ?? 0;
      const step = Math.max(newtonStep(bins, logits, { term, coefficient: old }), term.least - old);
      coefficients[index] = old + step;
      term.inputs.forEach((input, at) => (logits[at] = (logits[at] ?? 0) + step * input));
      farthest = Math.max(farthest, Math.abs(step));
    });
    if (farthest < PRECISION) break;
  }
  return coefficients;
}

interface Position {
  readonly term: Term;
  readonly coefficient: number;
}

function newtonStep(bins: readonly Bin[], logits: readonly number[], { term, coefficient }: Position): number {
  let gradient = term.ridge * coefficient;
  let curvature = term.ridge + Number.EPSILON;
  bins.forEach(({ positives, count }, at) => {
    const input = term.inputs[at] ?? 0;
    const probability = 1 / (1 + Math.exp(-(logits[at] ?? 0)));
    gradient += (count * probability - positives) * input;
    curvature += count * probability * (1 - probability) * input * input;
  });
  return Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, -gradient / curvature));
}
