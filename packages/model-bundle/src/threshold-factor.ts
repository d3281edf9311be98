import { type Manifest } from "./manifest.ts";

/**
 * What a question's thresholds are multiplied by, 0 to 1: the likelier it is that none of the labels fits, the less. With a
 * discount of d, labels are chosen as if questions that none fits were 1 - d times as frequent as the probabilities know them
 * to be: by Bayes' rule each probability would then be p / (1 - d × P(none)), and P(none) is the product of all 1 - p.
 */
export function thresholdFactor(
  { unlabelled_discount: discount = 0 }: Pick<Manifest, "unlabelled_discount">,
  probabilities: Float32Array,
): number {
  if (discount === 0) return 1;
  let none = 1;
  for (let label = 0; label < probabilities.length; label++) none *= 1 - (probabilities[label] ?? 0);
  return 1 - discount * none;
}
