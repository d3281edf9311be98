import { Adam, correctedRate } from "./adam.ts";
import { randomOf, shuffle } from "./random.ts";
import { addProduct } from "./sparse-product.ts";
import { SparseRows } from "./sparse-rows.ts";
import { type TrainingSet } from "./train-linear.ts";

/** hidden = relu(Σ weight × table[feature] + bias); logits = hidden × output + outputBias. */
export interface BagModel {
  readonly width: number;
  readonly table: Float32Array;
  readonly bias: Float32Array;
  /** `[width, labels]` */
  readonly output: Float32Array;
  readonly outputBias: Float32Array;
}

export interface BagOptions {
  readonly width: number;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly featureDropout: number;
  readonly hiddenDropout: number;
  readonly seed: number;
  readonly onEpoch?: (epoch: number) => void;
}

/** Embeddings start small: the few batches that touch a rare feature must outweigh its noise. */
const TABLE_RANGE = 0.05;
const MOST_FEATURES = 1 << 16;

/** A bag of embeddings under one hidden layer, trained by Adam with a falling rate; masked targets give no gradient. */
export function trainBag(set: TrainingSet, options: BagOptions): BagModel {
  const trainer = new BagTrainer(set, options);
  const order = Int32Array.from({ length: set.matrix.offsets.length - 1 }, (_, row) => row);
  const random = randomOf(options.seed + 1);
  const steps = Math.ceil(order.length / options.batch) * options.epochs;
  let step = 0;
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    shuffle(order, random);
    for (let begin = 0; begin < order.length; begin += options.batch) {
      for (const row of order.subarray(begin, begin + options.batch)) trainer.learn(row);
      step += 1;
      trainer.move(correctedRate(options.rate * (1 - (step - 1) / steps), step));
    }
    options.onEpoch?.(epoch);
  }
  return trainer.model;
}

class BagTrainer {
  readonly model: BagModel;
  private readonly set: TrainingSet;
  private readonly options: BagOptions;
  private readonly random: () => number;
  private readonly optimizers: Readonly<Record<"table" | "bias" | "output" | "outputBias", Adam>>;
  private readonly tableGradients: SparseRows;
  private readonly biasGradients: Float32Array;
  private readonly outputGradients: Float32Array;
  private readonly outputBiasGradients: Float32Array;
  private readonly kept = { ids: new Int32Array(MOST_FEATURES), weights: new Float32Array(MOST_FEATURES), count: 0 };
  private readonly active: { ids: Int32Array; weights: Float32Array; gradients: Float64Array; count: number };
  private readonly hidden: Float64Array;
  private readonly logits: Float64Array;

  constructor(set: TrainingSet, options: BagOptions) {
    const { labels, features } = set;
    const { width } = options;
    this.set = set;
    this.options = options;
    this.random = randomOf(options.seed);
    this.model = {
      width,
      table: this.uniform(features * width, TABLE_RANGE),
      bias: new Float32Array(width),
      output: this.uniform(width * labels, 1 / Math.sqrt(width)),
      outputBias: logOdds(set),
    };
    const { table, bias, output, outputBias } = this.model;
    this.optimizers = {
      table: new Adam(table),
      bias: new Adam(bias),
      output: new Adam(output),
      outputBias: new Adam(outputBias),
    };
    this.tableGradients = new SparseRows(features, width);
    this.biasGradients = new Float32Array(width);
    this.outputGradients = new Float32Array(width * labels);
    this.outputBiasGradients = new Float32Array(labels);
    this.active = {
      ids: new Int32Array(width),
      weights: new Float32Array(width),
      gradients: new Float64Array(width),
      count: 0,
    };
    this.hidden = new Float64Array(width);
    this.logits = new Float64Array(labels);
  }

  /** Adds one row's gradients to the batch's. */
  learn(row: number): void {
    this.dropFeatures(row);
    this.activate();
    this.predict();
    this.compare(row);
    this.propagate();
  }

  /** Takes one step with the gradients of the batch. */
  move(rate: number): void {
    const { table, bias, output, outputBias } = this.optimizers;
    this.tableGradients.drain((row, gradients) => table.step(gradients, rate, row * this.model.width));
    bias.step(this.biasGradients, rate);
    output.step(this.outputGradients, rate);
    outputBias.step(this.outputBiasGradients, rate);
  }

  private uniform(length: number, range: number): Float32Array {
    return new Float32Array(length).map(() => (this.random() * 2 - 1) * range);
  }

  private dropFeatures(row: number): void {
    const { offsets, ids, weights } = this.set.matrix;
    const keep = 1 - this.options.featureDropout;
    let count = 0;
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) {
      if (this.random() >= keep) continue;
      this.kept.ids[count] = ids[at] ?? 0;
      this.kept.weights[count++] = (weights[at] ?? 0) / keep;
    }
    this.kept.count = count;
  }

  /** The hidden units that fire and were not dropped. */
  private activate(): void {
    const { width, table, bias } = this.model;
    this.hidden.set(bias);
    addProduct(this.hidden, this.kept, [0, this.kept.count], { values: table, width });
    const keep = 1 - this.options.hiddenDropout;
    let count = 0;
    for (let unit = 0; unit < width; unit++) {
      const value = this.hidden[unit] ?? 0;
      if (value <= 0 || this.random() >= keep) continue;
      this.active.ids[count] = unit;
      this.active.weights[count++] = value / keep;
    }
    this.active.count = count;
  }

  private predict(): void {
    this.logits.set(this.model.outputBias);
    const table = { values: this.model.output, width: this.set.labels };
    addProduct(this.logits, this.active, [0, this.active.count], table);
  }

  /** Turns logits into the gradients of the cross-entropy, summed over the labels. */
  private compare(row: number): void {
    const { targets, labels } = this.set;
    for (let label = 0; label < labels; label++) {
      const target = targets[row * labels + label] ?? 0;
      const probability = 1 / (1 + Math.exp(-(this.logits[label] ?? 0)));
      const gradient = target === 0 ? 0 : probability - (target > 0 ? 1 : 0);
      this.logits[label] = gradient;
      this.outputBiasGradients[label] = (this.outputBiasGradients[label] ?? 0) + gradient;
    }
  }

  private propagate(): void {
    const { active, kept, logits, outputGradients, biasGradients } = this;
    const { output } = this.model;
    const { labels } = this.set;
    const keep = 1 - this.options.hiddenDropout;
    for (let index = 0; index < active.count; index++) {
      const unit = active.ids[index] ?? 0;
      const value = active.weights[index] ?? 0;
      const begin = unit * labels;
      let sum = 0;
      for (let label = 0; label < labels; label++) {
        const gradient = logits[label] ?? 0;
        sum += gradient * (output[begin + label] ?? 0);
        outputGradients[begin + label] = (outputGradients[begin + label] ?? 0) + gradient * value;
      }
      active.gradients[index] = sum / keep;
      biasGradients[unit] = (biasGradients[unit] ?? 0) + sum / keep;
    }
    for (let index = 0; index < kept.count; index++) this.propagateTo(kept.ids[index] ?? 0, kept.weights[index] ?? 0);
  }

  private propagateTo(feature: number, weight: number): void {
    const { ids, gradients, count } = this.active;
    const begin = this.tableGradients.offset(feature);
    const into = this.tableGradients.gradients;
    for (let index = 0; index < count; index++) {
      const at = begin + (ids[index] ?? 0);
      into[at] = (into[at] ?? 0) + weight * (gradients[index] ?? 0);
    }
  }
}

/** Each label's log odds in the training set, so that the first steps need not find them. */
function logOdds({ targets, labels }: TrainingSet): Float32Array {
  const positives = new Int32Array(labels).fill(1);
  const negatives = new Int32Array(labels).fill(1);
  targets.forEach((target, at) => {
    const counts = target === 1 ? positives : negatives;
    if (target !== 0) counts[at % labels] = (counts[at % labels] ?? 0) + 1;
  });
  return Float32Array.from(positives, (count, label) => Math.log(count / (negatives[label] ?? 1)));
}
