import { parentPort, workerData } from "node:worker_threads";
import { trainLinear } from "./train-linear.ts";
import { type LinearTask } from "./train-model.ts";

const { set, options } = workerData as LinearTask;
const model = trainLinear(set, { ...options, onEpoch: (epoch) => parentPort?.postMessage({ epoch }) });
parentPort?.postMessage({ model });
