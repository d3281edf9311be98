import { type SparseMatrix } from "./matrix.ts";
import { randomOf, shuffle } from "./random.ts";
import { addProduct } from "./sparse-product.ts";

/** What both models learn from: `targets[row * labels + label]` is 1 (has it), -1 (has it not) or 0 (nobody can know). */
export interface TrainingSet {
  readonly matrix: SparseMatrix;
  readonly targets: Int8Array;
  /** How much each row's mistakes cost; 1 is a row's due. */
  readonly importance: Float32Array;
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
  const trainer = new LinearTrainer(set, options.cost);
  const order = Int32Array.from({ length: set.matrix.offsets.length - 1 }, (_, row) => row);
  const random = randomOf(options.seed);
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    shuffle(order, random);
    for (const row of order) trainer.learn(row);
    options.onEpoch?.(epoch);
  }
  return trainer.model;
}

class LinearTrainer {
  readonly model: LinearModel;
  private readonly set: TrainingSet;
  /** What the squared hinge loss adds to the dual's diagonal, for a row of importance 1. */
  private readonly slack: number;
  private readonly norms: Float64Array;
  private readonly alphas: Float32Array;
  private readonly margins: Float64Array;
  /** The labels that this row moves, and by how much. */
  private readonly moves: { readonly labels: Int32Array; readonly steps: Float64Array; count: number };

  constructor(set: TrainingSet, cost: number) {
    const { matrix, labels, features } = set;
    this.set = set;
    this.slack = 1 / (2 * cost);
    this.norms = squaredNorms(matrix);
    this.alphas = new Float32Array((matrix.offsets.length - 1) * labels);
    this.model = { weights: new Float32Array(features * labels), bias: new Float32Array(labels) };
    this.margins = new Float64Array(labels);
    this.moves = { labels: new Int32Array(labels), steps: new Float64Array(labels), count: 0 };
  }

  /** Moves the machines that this row is a support vector of, or becomes one. */
  learn(row: number): void {
    const { matrix, labels } = this.set;
    const range = [matrix.offsets[row] ?? 0, matrix.offsets[row + 1] ?? 0] as const;
    this.margins.set(this.model.bias);
    addProduct(this.margins, { row: matrix, range }, { values: this.model.weights, width: labels });
    this.findMoves(row);
    if (this.moves.count > 0) this.move(range);
  }

  private findMoves(row: number): void {
    const { set, alphas, moves } = this;
    const slack = this.slack / (set.importance[row] ?? 1);
    const curvature = (this.norms[row] ?? 0) + slack;
    moves.count = 0;
    for (let label = 0; label < set.labels; label++) {
      const at = row * set.labels + label;
      const target = set.targets[at] ?? 0;
      if (target === 0) continue;
      const alpha = alphas[at] ?? 0;
      const gradient = target * (this.margins[label] ?? 0) - 1 + slack * alpha;
      if (alpha === 0 && gradient >= 0) continue;
      const next = Math.max(0, alpha - gradient / curvature);
      alphas[at] = next;
      moves.labels[moves.count] = label;
      moves.steps[moves.count++] = (next - alpha) * target;
    }
  }

  private move([begin, end]: readonly [number, number]): void {
    const { matrix, labels } = this.set;
    const { weights, bias } = this.model;
    const { labels: moved, steps, count } = this.moves;
    for (let at = begin; at < end; at++) {
      const base = (matrix.ids[at] ?? 0) * labels;
      const value = matrix.weights[at] ?? 0;
      for (let index = 0; index < count; index++) {
        const cell = base + (moved[index] ?? 0);
        weights[cell] = (weights[cell] ?? 0) + value * (steps[index] ?? 0);
      }
    }
    for (let index = 0; index < count; index++) {
      const label = moved[index] ?? 0;
      bias[label] = (bias[label] ?? 0) + (steps[index] ?? 0);
    }
  }
}

/** Squared lengths of the rows, the bias's constant 1 included. */
function squaredNorms({ offsets, weights }: SparseMatrix): Float64Array {
  return Float64Array.from({ length: offsets.length - 1 }, (_, row) => {
    let sum = 1;
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) sum += (weights[at] ?? 0) ** 2;
    return sum;
  });
}
