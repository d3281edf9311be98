import { type Scored } from "./metrics.ts";
import { addTo, emptyTally, f1Of, outcomesOf, questionsOf } from "./outcomes.ts";
import { randomOf } from "./random.ts";

/** The percentile interval needs no more to be stable in its third decimal. */
const RESAMPLES = 300;
const SEED = 1;

/** Half the width of the interval that 95 of 100 samples of as many questions fall into. */
export interface Margins {
  readonly weighted: number;
  readonly micro: number;
}

/** How far F1 over the first `columns` labels may be off by the choice of questions: whole questions are drawn, with replacement. */
export function f1Margins(scored: Scored, thresholds: readonly number[], columns: number): Margins {
  const outcomes = outcomesOf(scored, thresholds, columns);
  const questions = questionsOf(outcomes);
  const random = randomOf(SEED);
  const samples = Array.from({ length: RESAMPLES }, () => {
    const tally = emptyTally(columns);
    for (let draw = 0; draw < questions; draw++) addTo(tally, outcomes, Math.floor(random() * questions));
    return f1Of(tally);
  });
  return {
    weighted: halfWidth(samples.map(({ weighted_f1 }) => weighted_f1)),
    micro: halfWidth(samples.map(({ micro_f1 }) => micro_f1)),
  };
}

function halfWidth(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return (at(0.975) - at(0.025)) / 2;
}
