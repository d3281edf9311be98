import { Worker } from "node:worker_threads";
import { type BagModel } from "./bag/bag-trainer.ts";
import { type BagOptions } from "./bag/train-bag.ts";
import { type LinearModel, type LinearOptions, type TrainingSet } from "./train-linear.ts";

/** Labels do not influence each other, so that half of them go to each of two threads. */
const PARTS = 2;

export type ModelTask = { readonly set: TrainingSet } & (
  { readonly kind: "linear"; readonly options: LinearOptions } | { readonly kind: "bag"; readonly options: BagOptions }
);

type Message<Model> = { readonly epoch: number } | { readonly model: Model };

interface Task<Options> {
  readonly set: TrainingSet;
  readonly options: Options;
}

/** Trains the linear model off the main thread, which shows the progress: `onEpoch` is told of each thread's epochs. */
export async function trainLinearModel(
  { set, options }: Task<LinearOptions>,
  onEpoch: () => void,
): Promise<LinearModel> {
  const size = Math.ceil(set.labels / PARTS);
  const begins = Array.from({ length: PARTS }, (_, part) => part * size).filter((begin) => begin < set.labels);
  const parts = await Promise.all(
    begins.map((begin) => {
      const half = labelsOf(set, begin, Math.min(begin + size, set.labels));
      return run<LinearModel>({ kind: "linear", set: half, options }, onEpoch);
    }),
  );
  return join(parts, set);
}

/** Trains an embedding bag off the main thread: `onEpoch` is told of each epoch. */
export function trainBagModel({ set, options }: Task<BagOptions>, onEpoch: () => void): Promise<BagModel> {
  return run<BagModel>({ kind: "bag", set, options }, onEpoch);
}

function run<Model>(task: ModelTask, onEpoch: () => void): Promise<Model> {
  const worker = new Worker(new URL("./model-worker.mjs", import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.on("message", (message: Message<Model>) => ("model" in message ? resolve(message.model) : onEpoch()));
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("a training thread ended early")));
  });
}

function labelsOf(set: TrainingSet, begin: number, end: number): TrainingSet {
  const labels = end - begin;
  const rows = set.matrix.offsets.length - 1;
  const shares = new Uint8Array(rows * labels);
  for (let row = 0; row < rows; row++) {
    shares.set(set.shares.subarray(row * set.labels + begin, row * set.labels + end), row * labels);
  }
  return { ...set, shares, labels };
}

function join(parts: readonly LinearModel[], { features, labels }: TrainingSet): LinearModel {
  const weights = new Float32Array(features * labels);
  const bias = new Float32Array(labels);
  let begin = 0;
  for (const part of parts) {
    const width = part.bias.length;
    bias.set(part.bias, begin);
    for (let row = 0; row < features; row++) {
      weights.set(part.weights.subarray(row * width, (row + 1) * width), row * labels + begin);
    }
    begin += width;
  }
  return { weights, bias };
}
