import { type LinearOptions } from "./train-linear.ts";

/** All that was decided by experiment; docs/experiments.md says what else was tried. */
export interface Recipe {
  /** A newer tag needs so many training questions to become a label. */
  readonly minPositives: number;
  /** A feature needs so many training questions to become known. */
  readonly minDocuments: number;
  /** The most frequent ones that a first model learns, to find out which tell anything. */
  readonly maxFeatures: number;
  /** Those that are left then: a question costs time for each of its known features. */
  readonly keptFeatures: number;
  readonly linear: LinearOptions;
}

export function recipeOf(seed: number): Recipe {
  return {
    minPositives: 100,
    minDocuments: 3,
    maxFeatures: 170_000,
    keptFeatures: 56_000,
    linear: { cost: 0.08, epochs: 6, seed },
  };
}
