import { type SparseMatrix } from "./matrix.ts";
import { randomOf, shuffle } from "./random.ts";
import { addProduct } from "./sparse-product.ts";

/** What both models learn from: `targets[row * labels + label]` is 1 (has it), -1 (has it not) or 0 (nobody can know). */
export interface TrainingSet {
  readonly matrix: SparseMatrix;
  readonly targets: Int8Array;
  readonly labels: number;
  /** Rows of the model's table. */
  readonly features: number;
}

/** `weights[feature * labels + label]`, and a bias for each label. */
export interface LinearModel {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

export interface LinearOptions {
  /** The inverse of the regularisation. */
  readonly cost: number;
  readonly epochs: number;
  readonly seed: number;
  readonly onEpoch?: (epoch: number) => void;
}

/**
 * One support vector machine per label (squared hinge loss, L2) by dual coordinate descent, as liblinear does (Hsieh et
 * al., 2008); all labels advance together, since they share the rows. A masked target leaves its label's machine alone.
 */
export function trainLinear(set: TrainingSet, options: LinearOptions): LinearModel {
  const { matrix, labels, features } = set;
  const rows = matrix.offsets.length - 1;
  const random = randomOf(options.seed);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const norms = squaredNorms(matrix);
  const diagonal = 1 / (2 * options.cost);
  const alphas = new Float32Array(rows * labels);
  const model: LinearModel = { weights: new Float32Array(features * labels), bias: new Float32Array(labels) };
  const margins = new Float64Array(labels);
  const steps = new Float64Array(labels);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    for (const row of order) {
      score({ set, model, row, into: margins });
      const curvature = (norms[row] ?? 0) + diagonal;
      let moved = 0;
      for (let label = 0; label < labels; label++) {
        const at = row * labels + label;
        const target = set.targets[at] ?? 0;
        if (target === 0) continue;
        const alpha = alphas[at] ?? 0;
        const gradient = target * (margins[label] ?? 0) - 1 + diagonal * alpha;
        if (alpha === 0 && gradient >= 0) continue;
        const next = Math.max(0, alpha - gradient / curvature);
        alphas[at] = next;
        steps[moved] = (next - alpha) * target;
        moving[moved++] = label;
      }
      if (moved > 0) step({ set, model, row, steps, moved });
    }
    options.onEpoch?.(epoch + 1);
  }
  return model;
}

const moving = new Int32Array(4096);

function step({
  set,
  model,
  row,
  steps,
  moved,
}: {
  set: TrainingSet;
  model: LinearModel;
  row: number;
  steps: Float64Array;
  moved: number;
}): void {
  const { matrix, labels } = set;
  const end = matrix.offsets[row + 1]!;
  const W = model.weights;
  for (let at = matrix.offsets[row]!; at < end; at++) {
    const base = matrix.ids[at]! * labels;
    const w = matrix.weights[at]!;
    for (let j = 0; j < moved; j++) W[base + moving[j]!]! += w * steps[j]!;
  }
  for (let j = 0; j < moved; j++) model.bias[moving[j]!]! += steps[j]!;
}

function score({
  set,
  model,
  row,
  into,
}: {
  set: TrainingSet;
  model: LinearModel;
  row: number;
  into: Float64Array;
}): void {
  const { matrix, labels } = set;
  into.set(model.bias);
  const range = [matrix.offsets[row] ?? 0, matrix.offsets[row + 1] ?? 0] as const;
  addProduct(into, matrix, range, { values: model.weights, width: labels });
}

/** Squared lengths of the rows, the bias's constant 1 included. */
function squaredNorms({ offsets, weights }: SparseMatrix): Float64Array {
  return Float64Array.from({ length: offsets.length - 1 }, (_, row) => {
    let sum = 1;
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) sum += (weights[at] ?? 0) ** 2;
    return sum;
  });
}
