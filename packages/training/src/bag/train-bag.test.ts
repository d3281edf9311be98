import { expect, test } from "vitest";
import { UNKNOWN, WHOLE } from "../labels.ts";
import { type SparseMatrix } from "../matrix.ts";
import { score } from "../score.ts";
import { type TrainingSet } from "../train-linear.ts";
import { type BagOptions, trainBag } from "./train-bag.ts";

const options: BagOptions = { width: 16, epochs: 30, batch: 8, rate: 0.02, seed: 1 };
const confidence = (logit = Number.NaN) => 1 / (1 + Math.exp(-logit));

/** Questions of these features, each of weight 1. */
function matrix(questions: readonly (readonly number[])[]): SparseMatrix {
  const ids = questions.flat();
  let end = 0;
  return {
    offsets: Int32Array.of(0, ...questions.map((features) => (end += features.length))),
    ids: Int32Array.from(ids),
    weights: new Float32Array(ids.length).fill(1),
  };
}

/** A question's features, and its shares of two labels. */
type Row = readonly [features: readonly number[], shares: readonly [number, number]];

/** So many times the same questions. */
function setOf(questions: readonly Row[], times = 50): TrainingSet {
  const repeated = Array.from({ length: times }, () => questions).flat();
  return {
    matrix: matrix(repeated.map(([features]) => features)),
    shares: Uint8Array.from(repeated.flatMap(([, shares]) => shares)),
    importance: new Float32Array(repeated.length).fill(1),
    labels: 2,
    features: 4,
  };
}

test("an embedding bag learns what no linear model can: a tag of either word, but not of both", () => {
  const either: readonly Row[] = [
    [
      [1, 3],
      [WHOLE, 0],
    ],
    [
      [2, 3],
      [WHOLE, 0],
    ],
  ];
  const neither = [[3], [1, 2, 3]].map((words): Row => [words, [0, WHOLE]]);
  const set = setOf([...either, ...neither]);
  const logits = score(
    trainBag(set, options, () => undefined),
    matrix([[1, 3], [2, 3], [3], [1, 2, 3]]),
  );
  const right = [WHOLE, 0, WHOLE, 0, 0, WHOLE, 0, WHOLE];
  right.forEach((share, at) => expect(confidence(logits[at]), `${at}`).toBeCloseTo(share / WHOLE, 1));
});

test("it is as sure as its teacher, and learns nothing where nobody can know", () => {
  const [sure, unsure] = [Math.round(0.9 * WHOLE), Math.round(0.3 * WHOLE)];
  const set = setOf([
    [[1], [sure, 0]],
    [[2], [unsure, UNKNOWN]],
    [[3], [0, WHOLE]],
  ]);
  const model = trainBag(set, options, () => undefined);
  const logits = score(model, matrix([[1], [2]]));
  expect(confidence(logits[0])).toBeCloseTo(0.9, 1);
  expect(confidence(logits[2])).toBeCloseTo(0.3, 1);
  const others = { ...set, shares: set.shares.map((share) => (share === UNKNOWN ? 0 : share)) };
  expect(
    score(
      trainBag(others, options, () => undefined),
      matrix([[2]]),
    )[1],
  ).toBeLessThan(logits[3] ?? Number.NaN);
});

test("the same seed gives the same model, and another one another", () => {
  const rows: readonly Row[] = [
    [
      [1, 2],
      [WHOLE, 0],
    ],
    [[3], [0, WHOLE]],
  ];
  const set = setOf(rows, 5);
  const train = (seed: number) => trainBag(set, { ...options, epochs: 2, seed }, () => undefined);
  expect(train(1)).toEqual(train(1));
  expect(train(1)).not.toEqual(train(2));
});
