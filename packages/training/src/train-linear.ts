import { UNKNOWN, WHOLE } from "./labels.ts";
import { type SparseMatrix } from "./matrix.ts";
import { randomOf, shuffle } from "./random.ts";
import { addProduct } from "./sparse-product.ts";

/** What all models learn from: the questions' features, and what `sharesOf` says of their tags. */
export interface TrainingSet {
  readonly matrix: SparseMatrix;
  readonly shares: Uint8Array;
  /** How much each row's mistakes cost; 1 is a row's due. */
  readonly importance: Float32Array;
  readonly labels: number;
  /** Rows of the model's table. */
  readonly features: number;
}

/** `weights[feature * labels + label]`, and a bias for each label. Of an embedding bag, units stand for labels or for features. */
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
 * al., 2008); all labels advance together, since they share the rows. A row that may have a label is learnt twice, as one that
 * has it and as one that has it not, each for its share; what nobody can know leaves the label's machine alone.
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

/** What makes the dual curve: the row's squared length, and what the squared hinge loss adds. */
interface Slope {
  readonly norm: number;
  readonly slack: number;
}

class LinearTrainer {
  readonly model: LinearModel;
  private readonly set: TrainingSet;
  /** What the squared hinge loss adds to the dual's diagonal, for a row of importance 1. */
  private readonly slack: number;
  private readonly norms: Float64Array;
  /** Of each row and label two: as one that has it, and as one that has it not. */
  private readonly alphas: Float32Array;
  private readonly margins: Float64Array;
  /** The labels that this row moves, and by how much. */
  private readonly moves: { readonly labels: Int32Array; readonly steps: Float64Array; count: number };

  constructor(set: TrainingSet, cost: number) {
    const { matrix, labels, features } = set;
    this.set = set;
    this.slack = 1 / (2 * cost);
    this.norms = squaredNorms(matrix);
    this.alphas = new Float32Array(2 * (matrix.offsets.length - 1) * labels);
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
    const { set, moves } = this;
    const importance = set.importance[row] ?? 1;
    const norm = this.norms[row] ?? 0;
    const slackOf = (share: number) => this.slack / (importance * share);
    moves.count = 0;
    for (let label = 0; label < set.labels; label++) {
      const at = row * set.labels + label;
      const share = set.shares[at] ?? UNKNOWN;
      if (share === UNKNOWN) continue;
      const margin = this.margins[label] ?? 0;
      const up = share === 0 ? 0 : this.climb(2 * at, margin, { norm, slack: slackOf(share / WHOLE) });
      const moved = margin + up * norm;
      const down = share === WHOLE ? 0 : this.climb(2 * at + 1, -moved, { norm, slack: slackOf(1 - share / WHOLE) });
      if (up === down) continue;
      moves.labels[moves.count] = label;
      moves.steps[moves.count++] = up - down;
    }
  }

  /** Moves one alpha to where the dual is greatest. `margin` is that on the right side; returns by how much it moved. */
  private climb(at: number, margin: number, { norm, slack }: Slope): number {
    const alpha = this.alphas[at] ?? 0;
    const gradient = margin - 1 + slack * alpha;
    if (alpha === 0 && gradient >= 0) return 0;
    const next = Math.max(0, alpha - gradient / (norm + slack));
    this.alphas[at] = next;
    return next - alpha;
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
