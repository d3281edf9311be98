import { parentPort, workerData } from "node:worker_threads";
import { type ModelTask } from "./train-models.ts";
import { trainBag } from "./train-bag.ts";
import { trainLinear } from "./train-linear.ts";

const task = workerData as ModelTask;
const onEpoch = (epoch: number): void => parentPort?.postMessage({ epoch });
const model =
  task.kind === "linear"
    ? trainLinear(task.set, { ...task.options, onEpoch })
    : trainBag(task.set, { ...task.options, onEpoch });
parentPort?.postMessage({ model });
