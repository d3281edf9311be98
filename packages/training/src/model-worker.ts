import { parentPort, workerData } from "node:worker_threads";
import { trainBag } from "./bag/train-bag.ts";
import { trainLinear } from "./train-linear.ts";
import { type ModelTask } from "./train-model.ts";

const task = workerData as ModelTask;
const onEpoch = (epoch: number) => parentPort?.postMessage({ epoch });
const model =
  task.kind === "linear"
    ? trainLinear(task.set, { ...task.options, onEpoch })
    : trainBag(task.set, task.options, onEpoch);
parentPort?.postMessage({ model });
