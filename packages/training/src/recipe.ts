import { type BagOptions } from "./bag/train-bag.ts";
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
  /** From so many opinions on an embedding bag learns from the features that are kept, instead of a linear model. */
  readonly bagOpinions: number;
  readonly bag: BagOptions;
  /** How much less questions that no label fits count when labels are chosen: F1 is counted on the others. */
  readonly unlabelledDiscount: number;
  /** How much a transformer's logits count beside the linear model's margins. */
  readonly transformerShare: number;
}

export function recipeOf(seed: number): Recipe {
  return {
    minPositives: 100,
    minDocuments: 3,
    maxFeatures: 170_000,
    keptFeatures: 56_000,
    linear: { cost: 0.08, epochs: 6, seed },
    bagOpinions: 200_000,
    bag: { width: 128, epochs: 4, batch: 256, rate: 0.002, seed },
    unlabelledDiscount: 0.7,
    transformerShare: 1 / 4,
  };
}

/** Beside a transformer: fewer features, so that both together take less than 30 MB, and always the linear model, which adds more to it. */
export function largeRecipeOf(seed: number): Recipe {
  return { ...recipeOf(seed), keptFeatures: 36_000, bagOpinions: Infinity };
}
