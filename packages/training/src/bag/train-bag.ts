import { randomOf, shuffle } from "../random.ts";
import { type TrainingSet } from "../train-linear.ts";
import { correctedRate } from "./adam.ts";
import { type BagModel, BagTrainer } from "./bag-trainer.ts";

export interface BagOptions {
  /** So many units. */
  readonly width: number;
  readonly epochs: number;
  /** So many questions are learnt from at a time. */
  readonly batch: number;
  /** The greatest by which a parameter moves then. */
  readonly rate: number;
  readonly seed: number;
}

/** In this share of the steps the rate grows; then it falls to zero. */
const WARM_UP = 0.03;

/** Trains by Adam, a batch at a time; `onEpoch` is told of each pass over all rows. */
export function trainBag(set: TrainingSet, options: BagOptions, onEpoch: (epoch: number) => void): BagModel {
  const trainer = new BagTrainer(set, options);
  const order = Int32Array.from({ length: set.matrix.offsets.length - 1 }, (_, row) => row);
  const random = randomOf(options.seed);
  const steps = Math.ceil(order.length / options.batch) * options.epochs;
  let step = 0;
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    shuffle(order, random);
    for (let begin = 0; begin < order.length; begin += options.batch) {
      for (const row of order.subarray(begin, begin + options.batch)) trainer.learn(row);
      const done = step++ / steps;
      trainer.move(correctedRate(options.rate * Math.min(done / WARM_UP, 1 - done), step));
    }
    onEpoch(epoch);
  }
  return trainer.model;
}
