import { type Example } from "./dataset.ts";
import { type LabelSet, targetsOf } from "./labels.ts";
import { type SparseMatrix } from "./matrix.ts";
import { type Scored } from "./metrics.ts";
import { randomOf, shuffle } from "./random.ts";

/** The predecessor's method: so many TF-IDF features of words longer than two letters, logistic regression with C = 100 (l1). */
const FEATURES = 1134;
const COST = 100;
const EPOCHS = 12;
const RATE = 0.5;

/** Trains the predecessor's method on the training split's titles and scores the titles of each of the other lists. */
export function runBaseline(
  examples: readonly Example[],
  set: LabelSet,
  seed: number,
): (asked: readonly Example[]) => Scored {
  const training = examples.filter(({ split, confidences }) => split === "train" && !confidences);
  const words = commonWords(training);
  const labels = set.labels.length;
  const matrix = tfidf(training, words);
  const weights = trainLasso(matrix, { targets: targetsOf(training, set), labels, features: FEATURES + 1, seed });
  return (asked) => {
    const { offsets, ids, weights: values } = tfidf(asked, words);
    const probabilities = new Float32Array(asked.length * labels);
    for (let row = 0; row < asked.length; row++) {
      for (let label = 0; label < labels; label++) {
        let logit = 0;
        for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) {
          logit += (values[at] ?? 0) * (weights[(ids[at] ?? 0) * labels + label] ?? 0);
        }
        probabilities[row * labels + label] = 1 / (1 + Math.exp(-logit));
      }
    }
    return { probabilities, targets: targetsOf(asked, set), labels };
  };
}

interface Word {
  readonly column: number;
  readonly weight: number;
}

function wordsOf({ question }: Example): string[] {
  return question.title.toLowerCase().match(/[a-z]{3,}/g) ?? [];
}

function commonWords(examples: readonly Example[]): Map<string, Word> {
  const counts = new Map<string, number>();
  for (const word of examples.flatMap((example) => [...new Set(wordsOf(example))])) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([word, count], [other, others]) => others - count || (word < other ? -1 : 1));
  return new Map(
    ranked.slice(0, FEATURES).map(([word, count], index) => {
      const weight = Math.log((1 + examples.length) / (1 + count)) + 1;
      return [word, { column: index + 1, weight }];
    }),
  );
}

/** Rows of unit length; column 0 is the intercept. */
function tfidf(examples: readonly Example[], words: ReadonlyMap<string, Word>): SparseMatrix {
  const offsets = new Int32Array(examples.length + 1);
  const ids: number[] = [];
  const weights: number[] = [];
  examples.forEach((example, row) => {
    const sums = new Map<number, number>();
    for (const text of wordsOf(example)) {
      const word = words.get(text);
      if (word) sums.set(word.column, (sums.get(word.column) ?? 0) + word.weight);
    }
    const length = Math.hypot(...sums.values());
    ids.push(0, ...sums.keys());
    weights.push(1, ...[...sums.values()].map((sum) => sum / length));
    offsets[row + 1] = ids.length;
  });
  return { offsets, ids: Int32Array.from(ids), weights: Float32Array.from(weights) };
}

interface Lasso {
  readonly targets: Int8Array;
  readonly labels: number;
  readonly features: number;
  readonly seed: number;
}

/** Stochastic gradient descent with Adagrad's rates; after each epoch, weights shrink towards zero as l1 asks. */
function trainLasso(matrix: SparseMatrix, { targets, labels, features, seed }: Lasso): Float32Array {
  const weights = new Float32Array(features * labels);
  const squares = new Float32Array(features * labels).fill(1e-3);
  const order = Int32Array.from({ length: matrix.offsets.length - 1 }, (_, row) => row);
  const random = randomOf(seed);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(order, random);
    for (const row of order) {
      for (let label = 0; label < labels; label++) {
        const target = targets[row * labels + label] ?? 0;
        if (target !== 0) descend({ matrix, row, weights, squares, label, labels, target });
      }
    }
    for (let at = labels; at < weights.length; at++) {
      const weight = weights[at] ?? 0;
      const step = RATE / Math.sqrt(squares[at] ?? 1) / COST;
      weights[at] = Math.sign(weight) * Math.max(0, Math.abs(weight) - step);
    }
  }
  return weights;
}

interface Step {
  readonly matrix: SparseMatrix;
  readonly row: number;
  readonly weights: Float32Array;
  readonly squares: Float32Array;
  readonly label: number;
  readonly labels: number;
  readonly target: number;
}

function descend({ matrix, row, weights, squares, label, labels, target }: Step): void {
  const { offsets, ids, weights: values } = matrix;
  const begin = offsets[row] ?? 0;
  const end = offsets[row + 1] ?? 0;
  let logit = 0;
  for (let at = begin; at < end; at++) logit += (values[at] ?? 0) * (weights[(ids[at] ?? 0) * labels + label] ?? 0);
  const error = 1 / (1 + Math.exp(-logit)) - (target > 0 ? 1 : 0);
  for (let at = begin; at < end; at++) {
    const cell = (ids[at] ?? 0) * labels + label;
    const gradient = error * (values[at] ?? 0);
    const square = (squares[cell] ?? 0) + gradient * gradient;
    squares[cell] = square;
    weights[cell] = (weights[cell] ?? 0) - (RATE * gradient) / Math.sqrt(square);
  }
}
