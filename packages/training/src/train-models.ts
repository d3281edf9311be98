import { Worker } from "node:worker_threads";
import { type BagModel, type BagOptions } from "./train-bag.ts";
import { type LinearModel, type LinearOptions, type TrainingSet } from "./train-linear.ts";

export type ModelTask = { readonly set: TrainingSet } & (
  { readonly kind: "linear"; readonly options: LinearOptions } | { readonly kind: "bag"; readonly options: BagOptions }
);

export interface Models {
  readonly linear: LinearModel;
  readonly bag: BagModel;
}

export interface ModelOptions {
  readonly linear: LinearOptions;
  readonly bag: BagOptions;
  /** Called after each epoch of either model. */
  readonly onEpoch: () => void;
  readonly signal: AbortSignal;
}

/** Trains both models at once, each on a thread of its own, so that the main thread can show progress and be interrupted. */
export async function trainModels(set: TrainingSet, { linear, bag, onEpoch, signal }: ModelOptions): Promise<Models> {
  const [linearModel, bagModel] = await Promise.all([
    run<LinearModel>({ kind: "linear", set, options: linear }, { onEpoch, signal }),
    run<BagModel>({ kind: "bag", set, options: bag }, { onEpoch, signal }),
  ]);
  return { linear: linearModel, bag: bagModel };
}

type Message<Model> = { readonly epoch: number } | { readonly model: Model };

async function run<Model>(
  task: ModelTask,
  { onEpoch, signal }: Pick<ModelOptions, "onEpoch" | "signal">,
): Promise<Model> {
  const worker = new Worker(new URL("./model-worker.mjs", import.meta.url), { workerData: task });
  try {
    return await new Promise<Model>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      worker.on("message", (message: Message<Model>) => ("model" in message ? resolve(message.model) : onEpoch()));
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error(`the ${task.kind} model's worker ended early`)));
    });
  } finally {
    await worker.terminate();
  }
}
