import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { BundleError, messageOf, type BundleErrorCode } from "@tagsmith/model-bundle/errors";
import type { Instance } from "@tagsmith/model-bundle/instance";
import { createPredictor, type Predictor } from "@tagsmith/model-bundle/predictor";
import { constants, getPriority, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { coalesceInThread } from "./coalesce.ts";
import { measureRun } from "./measure-run.ts";
import type { Engine } from "./model-access.ts";

/** What the main thread asks of a model's thread; `load` comes first, and each but `close` is answered. */
export type ToWorker =
  | { readonly id: number; readonly type: "load"; readonly bundle: Bundle }
  | { readonly id: number; readonly type: "predict"; readonly questions: readonly Instance[] }
  | { readonly id: number; readonly type: "close" };

export type FromWorker =
  | { readonly id: number; readonly type: "loaded"; readonly runMs: number }
  /** The probabilities row after row: one array is told far sooner than many. */
  | { readonly id: number; readonly type: "predicted"; readonly probabilities: Float32Array }
  | {
      readonly id: number;
      readonly type: "failed";
      readonly code: BundleErrorCode | undefined;
      readonly message: string;
    };

// Where there are too few cores, HTTP comes first, and its refusals above all. Elsewhere it would be the whole process that yields.
if (process.platform === "linux") setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + 5));

let opening: Promise<Predictor> | undefined;
let predict: Engine["predict"] | undefined;

parentPort?.on("message", (message: ToWorker) => {
  answer(message)
    .catch((error: unknown): FromWorker => {
      const code = error instanceof BundleError ? error.code : undefined;
      return { id: message.id, type: "failed", code, message: messageOf(error) };
    })
    .then((reply) => reply && parentPort?.postMessage(reply))
    .catch(rethrow);
});

async function answer(message: ToWorker): Promise<FromWorker | undefined> {
  const { id, type } = message;
  switch (type) {
    case "load": {
      opening = createPredictor(message.bundle);
      const predictor = await opening;
      predict = coalesceInThread((questions) => predictor.predict(questions));
      await predictor.checkGolden();
      return { id, type: "loaded", runMs: await measureRun(predictor) };
    }
    case "predict":
      if (!predict) throw new Error("A question came before the model.");
      return { id, type: "predicted", probabilities: joined(await predict(message.questions)) };
    case "close":
      // A file that is being read when the thread ends would stay open for good.
      await opening?.then(
        (predictor) => predictor.close(),
        () => undefined,
      );
      process.exit(); // the thread alone, and the rest of a load that is wanted no more
  }
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array()] = rows;
  const all = new Float32Array(rows.length * first.length);
  rows.forEach((row, index) => all.set(row, index * first.length));
  return all;
}

/** Ends the thread: the main one sees it and starts another. */
function rethrow(error: unknown): never {
  throw error;
}
