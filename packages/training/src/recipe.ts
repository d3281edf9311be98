import { type BagOptions } from "./train-bag.ts";
import { type LinearOptions } from "./train-linear.ts";

/** All that was decided by experiment; docs/experiments.md says what else was tried. */
export interface Recipe {
  /** A newer tag needs so many training questions to become a label. */
  readonly minPositives: number;
  /** A feature needs so many training questions to become known. */
  readonly minDocuments: number;
  /** What keeps the bundle below 30 MB: a feature takes a byte for each label and each of the bag's columns. */
  readonly maxFeatures: number;
  readonly linear: LinearOptions;
  readonly bag: BagOptions;
}

export function recipeOf(seed: number): Recipe {
  return {
    minPositives: 100,
    minDocuments: 5,
    maxFeatures: 88_000,
    linear: { cost: 0.08, epochs: 6, seed },
    bag: { width: 128, epochs: 4, batch: 256, rate: 5e-3, featureDropout: 0.3, hiddenDropout: 0.4, seed },
  };
}
