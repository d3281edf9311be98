import { FeatureBuffer, extract } from "@tagsmith/features/extract";
import { type Question, emptyFields, readFields } from "@tagsmith/features/question";
import { type VocabularyRow } from "@tagsmith/features/vocabulary";
import { FrequencyTable } from "./frequency.ts";
import { type Recipe } from "./recipe.ts";
import { type LinearModel } from "./train-linear.ts";

/**
 * The most frequent features, at most so many, of those that at least `minDocuments` questions have; each weighs its
 * inverse document frequency.
 */
export function countFeatures(
  questions: readonly Question[],
  { minDocuments, maxFeatures }: Pick<Recipe, "minDocuments" | "maxFeatures">,
): VocabularyRow[] {
  const fields = emptyFields();
  const features = new FeatureBuffer();
  const table = new FrequencyTable();
  questions.forEach((question, document) => {
    readFields(question, fields);
    extract(fields, features);
    for (const hash of features.hashes.subarray(0, features.length)) table.add(hash, document);
  });
  const ranked = table.atLeast(minDocuments).sort((one, other) => other.count - one.count || one.hash - other.hash);
  const weightOf = (count: number): number => Math.log((1 + questions.length) / (1 + count)) + 1;
  return ranked.slice(0, maxFeatures).map(({ hash, count }) => ({ hash, weight: weightOf(count) }));
}

/** The `kept` features that move any one label the most when a question has them, in the order given. */
export function mostTelling(
  rows: readonly VocabularyRow[],
  { weights, bias }: LinearModel,
  kept: number,
): VocabularyRow[] {
  const labels = bias.length;
  const effects = rows.map(({ weight }, index) => {
    const moves = weights.subarray((index + 1) * labels, (index + 2) * labels); // row 0 is no feature's
    return weight * moves.reduce((greatest, move) => Math.max(greatest, Math.abs(move)), 0);
  });
  const ranked = [...rows.keys()].sort((one, other) => (effects[other] ?? 0) - (effects[one] ?? 0) || one - other);
  const chosen = new Set(ranked.slice(0, kept));
  return rows.filter((_, index) => chosen.has(index));
}
