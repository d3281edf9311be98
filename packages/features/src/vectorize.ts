import { BLOCK_COUNT, FeatureBuffer, extract } from "./extract.ts";
import { type Question, emptyFields, readFields } from "./question.ts";
import { type Vocabulary } from "./vocabulary.ts";

/** Raised whenever the same question would give other features or weights; a model is served only with its own version. */
export const FEATURE_VERSION = 1;

/** What a model reads: rows of its table and a weight for each; at least one entry. */
export interface SparseVector {
  readonly ids: Int32Array;
  readonly weights: Float32Array;
}

/** Found by experiment (docs/experiments.md): characters see endings and misspellings too, prose outweighs code. */
const blockScales = [1, 1.5, 1.5, 1];

/** What so many occurrences weigh; more are rare. */
const countWeights = Float64Array.from({ length: 64 }, (_, count) => (count === 0 ? 0 : 1 + Math.log(count)));

const fields = emptyFields();
const features = new FeatureBuffer();
const ids = new Int32Array(1 << 16);
const weights = new Float32Array(1 << 16);
let counts = new Uint16Array(0);

/**
 * Turns a question into the vector that the model was trained on: (1 + ln count) × the feature's weight, scaled to unit
 * length within each block. Takes time in proportion to the text and never throws.
 */
export function vectorize(question: Question, vocabulary: Vocabulary): SparseVector {
  readFields(question, fields);
  extract(fields, features);
  if (counts.length < vocabulary.size) counts = new Uint16Array(vocabulary.size);
  let length = 0;
  let begin = 0;
  for (let block = 0; block < BLOCK_COUNT; block++) {
    const end = features.blockEnds[block] ?? 0;
    length = weighBlock(vocabulary, { begin, end, length, scale: blockScales[block] ?? 1 });
    begin = end;
  }
  if (length === 0) return { ids: new Int32Array(1), weights: new Float32Array(1) };
  return { ids: ids.slice(0, length), weights: weights.slice(0, length) };
}

interface Block {
  readonly begin: number;
  readonly end: number;
  readonly length: number;
  readonly scale: number;
}

function weighBlock(vocabulary: Vocabulary, { begin, end, length, scale }: Block): number {
  let next = length;
  for (let at = begin; at < end; at++) {
    const row = vocabulary.row(features.hashes[at] ?? 0);
    if (row === 0) continue;
    const count = counts[row] ?? 0;
    if (count === 0) ids[next++] = row;
    counts[row] = count + 1;
  }
  let squares = 0;
  for (let at = length; at < next; at++) {
    const row = ids[at] ?? 0;
    const count = counts[row] ?? 1;
    const weight = (countWeights[count] ?? 1 + Math.log(count)) * (vocabulary.weights[row] ?? 0);
    counts[row] = 0;
    weights[at] = weight;
    squares += weight * weight;
  }
  const factor = squares > 0 ? scale / Math.sqrt(squares) : 0;
  for (let at = length; at < next; at++) weights[at] = (weights[at] ?? 0) * factor;
  return next;
}
