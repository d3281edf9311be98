import type { Question } from "@tagsmith/features/question";
import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { BundleError, type BundleErrorCode } from "@tagsmith/model-bundle/errors";
import { createPredictor, type Predictor } from "@tagsmith/model-bundle/predictor";
import { parentPort } from "node:worker_threads";

/** What the main thread asks of a model's thread; `load` comes first, and each but `close` is answered. */
export type ToWorker =
  | { readonly id: number; readonly type: "load"; readonly bundle: Bundle }
  | { readonly id: number; readonly type: "predict"; readonly questions: readonly Question[] }
  | { readonly id: number; readonly type: "close" };

export type FromWorker =
  | { readonly id: number; readonly type: "loaded"; readonly runMs: number }
  | { readonly id: number; readonly type: "predicted"; readonly probabilities: readonly Float32Array[] }
  | {
      readonly id: number;
      readonly type: "failed";
      readonly code: BundleErrorCode | undefined;
      readonly message: string;
    };

const warmUpRuns = 3;
const measuredRuns = 5;

let predictor: Predictor | undefined;

parentPort?.on("message", (message: ToWorker) => {
  answer(message)
    .catch((error: unknown): FromWorker => {
      const code = error instanceof BundleError ? error.code : undefined;
      return { id: message.id, type: "failed", code, message: error instanceof Error ? error.message : String(error) };
    })
    .then((reply) => reply && parentPort?.postMessage(reply))
    .catch(rethrow);
});

async function answer(message: ToWorker): Promise<FromWorker | undefined> {
  const { id, type } = message;
  switch (type) {
    case "load":
      predictor = await createPredictor(message.bundle);
      return { id, type: "loaded", runMs: await warmUpAndCheck(predictor) };
    case "predict":
      if (!predictor) throw new Error("A question came before the model.");
      return { id, type: "predicted", probabilities: await predictor.predict(message.questions) };
    case "close":
      await predictor?.close();
      parentPort?.close();
      return undefined;
  }
}

/**
 * Milliseconds that one question costs, once the golden examples have proven the model right: the least of a few runs, for
 * what else goes on at a start only adds to them.
 */
async function warmUpAndCheck(model: Predictor): Promise<number> {
  const [example] = model.manifest.golden.examples;
  const question = example ?? { title: "warm up", body: "" };
  for (let run = 0; run < warmUpRuns; run++) await model.predict([question]);
  await model.checkGolden();
  let runMs = Infinity;
  for (let run = 0; run < measuredRuns; run++) {
    const startMs = performance.now();
    await model.predict([question]);
    runMs = Math.min(runMs, performance.now() - startMs);
  }
  return runMs;
}

/** Ends the thread: the main one sees it and starts another. */
function rethrow(error: unknown): never {
  throw error;
}
