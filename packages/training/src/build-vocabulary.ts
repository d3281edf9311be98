import { FeatureBuffer, extract } from "@tagsmith/features/extract";
import { type Question, emptyFields, readFields } from "@tagsmith/features/question";
import { Vocabulary } from "@tagsmith/features/vocabulary";
import { FrequencyTable } from "./frequency.ts";

/**
 * The file of the most frequent features, at most so many, of those that at least `minDocuments` questions have; each
 * weighs its inverse document frequency.
 */
export function buildVocabulary(questions: readonly Question[], minDocuments: number, maxFeatures: number): Uint8Array {
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
  return Vocabulary.write(ranked.slice(0, maxFeatures).map(({ hash, count }) => ({ hash, weight: weightOf(count) })));
}
