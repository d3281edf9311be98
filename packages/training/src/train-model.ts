import { Worker } from "node:worker_threads";
import { type LinearModel, type LinearOptions, type TrainingSet } from "./train-linear.ts";

/** Labels do not influence each other, so that half of them go to each of two threads. */
const PARTS = 2;

export interface LinearTask {
  readonly set: TrainingSet;
  readonly options: LinearOptions;
}

type Message = { readonly epoch: number } | { readonly model: LinearModel };

/** Trains the linear model off the main thread, which shows the progress: `onEpoch` is told of each thread's epochs. */
export async function trainModel({ set, options }: LinearTask, onEpoch: () => void): Promise<LinearModel> {
  const size = Math.ceil(set.labels / PARTS);
  const begins = Array.from({ length: PARTS }, (_, part) => part * size).filter((begin) => begin < set.labels);
  const parts = await Promise.all(
    begins.map((begin) => run({ set: labelsOf(set, begin, Math.min(begin + size, set.labels)), options }, onEpoch)),
  );
  return join(parts, set);
}

function run(task: LinearTask, onEpoch: () => void): Promise<LinearModel> {
  const worker = new Worker(new URL("./model-worker.mjs", import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.on("message", (message: Message) => ("model" in message ? resolve(message.model) : onEpoch()));
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
