import { UNKNOWN, WHOLE } from "../labels.ts";
import { randomOf } from "../random.ts";
import { addProduct } from "../sparse-product.ts";
import { type LinearModel, type TrainingSet } from "../train-linear.ts";
import { Adam } from "./adam.ts";
import { SparseRows } from "./sparse-rows.ts";

/** An embedding bag: units read the features, and the labels' logits are made of the units that are above zero. */
export interface BagModel {
  readonly units: LinearModel;
  readonly logits: LinearModel;
}

/** Embeddings start small: the few batches that touch a rare feature must outweigh its noise. */
const TABLE_RANGE = 0.05;

/** Learns by the cross-entropy's gradients; what nobody can know gives none. */
export class BagTrainer {
  readonly model: BagModel;
  readonly #set: TrainingSet;
  readonly #width: number;
  readonly #optimizers: Readonly<Record<keyof BagModel, Record<keyof LinearModel, Adam>>>;
  readonly #embeddingGradients: SparseRows;
  readonly #gradients: { readonly unitBias: Float32Array; readonly weights: Float32Array; readonly bias: Float32Array };
  readonly #sums: Float64Array;
  /** The units above zero, their values, and these values' gradients. */
  readonly #active: { readonly ids: Int32Array; readonly weights: Float32Array; readonly gradients: Float64Array };
  #activeCount = 0;
  /** A question's logits, then their gradients. */
  readonly #logits: Float64Array;

  /** A bag of `width` units. */
  constructor(set: TrainingSet, { width, seed }: { readonly width: number; readonly seed: number }) {
    const { labels, features } = set;
    const random = randomOf(seed);
    const uniform = (length: number, range: number) => new Float32Array(length).map(() => (random() * 2 - 1) * range);
    this.model = {
      units: { weights: uniform(features * width, TABLE_RANGE), bias: new Float32Array(width) },
      logits: { weights: uniform(width * labels, 1 / Math.sqrt(width)), bias: logOdds(set) },
    };
    const { units, logits } = this.model;
    this.#set = set;
    this.#width = width;
    this.#optimizers = {
      units: { weights: new Adam(units.weights), bias: new Adam(units.bias) },
      logits: { weights: new Adam(logits.weights), bias: new Adam(logits.bias) },
    };
    this.#embeddingGradients = new SparseRows(features, width);
    this.#gradients = {
      unitBias: new Float32Array(width),
      weights: new Float32Array(width * labels),
      bias: new Float32Array(labels),
    };
    this.#sums = new Float64Array(width);
    this.#active = {
      ids: new Int32Array(width),
      weights: new Float32Array(width),
      gradients: new Float64Array(width),
    };
    this.#logits = new Float64Array(labels);
  }

  /** Adds one row's gradients to the batch's. */
  learn(row: number): void {
    const { matrix } = this.#set;
    const range = [matrix.offsets[row] ?? 0, matrix.offsets[row + 1] ?? 0] as const;
    this.#activate(range);
    this.#predict();
    this.#compare(row);
    this.#propagate(range);
  }

  /** Takes one step with the gradients of the batch. */
  move(rate: number): void {
    const { units, logits } = this.#optimizers;
    this.#embeddingGradients.drain((row, gradients) => units.weights.step(gradients, rate, row * this.#width));
    units.bias.step(this.#gradients.unitBias, rate);
    logits.weights.step(this.#gradients.weights, rate);
    logits.bias.step(this.#gradients.bias, rate);
  }

  #activate(range: readonly [number, number]): void {
    const { weights, bias } = this.model.units;
    const active = this.#active;
    this.#sums.set(bias);
    addProduct(this.#sums, { row: this.#set.matrix, range }, { values: weights, width: this.#width });
    this.#activeCount = 0;
    for (let unit = 0; unit < this.#width; unit++) {
      const value = this.#sums[unit] ?? 0;
      if (value <= 0) continue;
      active.ids[this.#activeCount] = unit;
      active.weights[this.#activeCount++] = value;
    }
  }

  #predict(): void {
    const { weights, bias } = this.model.logits;
    this.#logits.set(bias);
    const row = { row: this.#active, range: [0, this.#activeCount] as const };
    addProduct(this.#logits, row, { values: weights, width: bias.length });
  }

  #compare(row: number): void {
    const { shares, importance, labels } = this.#set;
    const biasGradients = this.#gradients.bias;
    const weight = importance[row] ?? 1;
    for (let label = 0; label < labels; label++) {
      const share = shares[row * labels + label] ?? UNKNOWN;
      const probability = 1 / (1 + Math.exp(-(this.#logits[label] ?? 0)));
      const gradient = share === UNKNOWN ? 0 : weight * (probability - share / WHOLE);
      this.#logits[label] = gradient;
      biasGradients[label] = (biasGradients[label] ?? 0) + gradient;
    }
  }

  #propagate([begin, end]: readonly [number, number]): void {
    const { matrix, labels } = this.#set;
    const { weights } = this.model.logits;
    const { weights: weightGradients, unitBias } = this.#gradients;
    const active = this.#active;
    for (let index = 0; index < this.#activeCount; index++) {
      const unit = active.ids[index] ?? 0;
      const value = active.weights[index] ?? 0;
      const from = unit * labels;
      let sum = 0;
      for (let label = 0; label < labels; label++) {
        const gradient = this.#logits[label] ?? 0;
        sum += gradient * (weights[from + label] ?? 0);
        weightGradients[from + label] = (weightGradients[from + label] ?? 0) + gradient * value;
      }
      active.gradients[index] = sum;
      unitBias[unit] = (unitBias[unit] ?? 0) + sum;
    }
    for (let at = begin; at < end; at++) this.#propagateTo(matrix.ids[at] ?? 0, matrix.weights[at] ?? 0);
  }

  #propagateTo(feature: number, weight: number): void {
    const { ids, gradients } = this.#active;
    const begin = this.#embeddingGradients.offset(feature);
    const into = this.#embeddingGradients.gradients;
    for (let index = 0; index < this.#activeCount; index++) {
      const at = begin + (ids[index] ?? 0);
      into[at] = (into[at] ?? 0) + weight * (gradients[index] ?? 0);
    }
  }
}

/** Each label's log odds in the training set, so that the first steps need not find them. */
function logOdds({ shares, labels }: TrainingSet): Float32Array {
  const positives = new Float64Array(labels).fill(1);
  const negatives = new Float64Array(labels).fill(1);
  shares.forEach((share, at) => {
    if (share === UNKNOWN) return;
    const label = at % labels;
    positives[label] = (positives[label] ?? 0) + share / WHOLE;
    negatives[label] = (negatives[label] ?? 0) + 1 - share / WHOLE;
  });
  return Float32Array.from(positives, (count, label) => Math.log(count / (negatives[label] ?? 1)));
}
