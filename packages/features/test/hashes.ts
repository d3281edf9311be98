import { BLOCK_COUNT, extract, FeatureBuffer } from "../src/extract.ts";
import { type Question, readFields } from "../src/question.ts";

/** The hashes of a question's features as they occur, block by block. */
export function blocksOf(question: Question): number[][] {
  const features = new FeatureBuffer();
  extract(readFields(question), features);
  return Array.from({ length: BLOCK_COUNT }, (_, block) => {
    const begin = block === 0 ? 0 : features.blockEnds[block - 1];
    return [...features.hashes.subarray(begin, features.blockEnds[block])];
  });
}

export const hashesOf = (question: Question): number[] => blocksOf(question).flat();
