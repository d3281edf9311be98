import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { totalBytes } from "@tagsmith/model-bundle/manifest";
import { createPredictor, type Predictor } from "@tagsmith/model-bundle/predictor";
import { coalesce } from "./coalesce.ts";
import { measureRun } from "./measure-run.ts";
import type { Engine } from "./model-access.ts";
import { ModelThread } from "./model-thread.ts";
import { Pool } from "./pool.ts";
import { observedRun, type Ran } from "./observed-run.ts";
import { inSlices } from "./slices.ts";

export interface EngineOptions {
  /** Threads of a heavy model. */
  readonly workers: number;
  /** A question that costs less runs on the main thread, where it can't hold up others for long. */
  readonly inlineRunMs: number;
  /** Creating a larger model's session would hold up the main thread for too long. */
  readonly inlineBytes: number;
  readonly onRun?: (ran: Ran) => void;
}

export interface StartedEngine extends Engine {
  /** Threads that hold the model; 0 when the main one does. */
  readonly threads: number;
}

/** A hop to a thread and back costs more than a cheap model's run (measured: 13 µs of 40); a heavy one's stalls `/livez`. */
export const engineDefaults = { inlineRunMs: 1, inlineBytes: 64 * 2 ** 20 } as const;

/** Requests at once on a cheap model: as many as come in one turn of the event loop, for more would only wait here. */
const cheapConcurrency = 64;

/** On a heavy one: one runs in each thread, and one waits there so that the thread never does. */
const concurrencyPerThread = 2;

interface Release {
  readonly bundle: Bundle;
  readonly manifestSha256: string;
}

interface Circumstances {
  /** Whether another model serves meanwhile. */
  readonly isServing: boolean;
  readonly signal: AbortSignal;
}

/**
 * Proves a model (create, golden examples, cost), and serves it where it is cheapest. While another one serves, that is done
 * in a thread of its own. While none does, a small one is opened where it will serve if it turns out to be cheap: a thread
 * takes as long to boot as all the rest.
 * Throws `BundleError` when the model is not what its manifest says, and the signal's reason when that aborts.
 */
export async function startEngine(
  release: Release,
  options: EngineOptions,
  { isServing, signal }: Circumstances,
): Promise<StartedEngine> {
  const { bundle } = release;
  const isSmall = totalBytes(bundle.manifest) <= options.inlineBytes;
  if (isSmall && !isServing) {
    const model = await createPredictor(bundle);
    try {
      const runMs = await measureRun(model);
      if (runMs < options.inlineRunMs) {
        await model.checkGolden();
        return engineOf(release, { model, runMs, threads: 0, isCheap: true, onRun: options.onRun });
      }
    } catch (error) {
      await model.close();
      throw error;
    }
    await model.close();
  }
  return proveInThread(release, options, signal);
}

async function proveInThread(release: Release, options: EngineOptions, signal: AbortSignal): Promise<StartedEngine> {
  const { bundle } = release;
  signal.throwIfAborted();
  const thread = new ModelThread();
  const stop = () => thread.stop();
  signal.addEventListener("abort", stop);
  try {
    const runMs = await thread.open(bundle);
    const isCheap = runMs < options.inlineRunMs;
    const isSmall = totalBytes(bundle.manifest) <= options.inlineBytes;
    const threads = isCheap ? Number(!isSmall) : options.workers;
    const model =
      threads === 0 ? await moveInline(bundle, thread) : await Pool.open(bundle, { first: thread, size: threads });
    return engineOf(release, { model, runMs, threads, isCheap, onRun: options.onRun });
  } catch (error) {
    thread.stop();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The main thread opens the model in the place of the thread that has proven it. */
async function moveInline(bundle: Bundle, proof: ModelThread): Promise<Predictor> {
  const [predictor] = await Promise.all([createPredictor(bundle), proof.close()]);
  return predictor;
}

interface Proven {
  readonly model: Pick<Predictor, "predict" | "close">;
  readonly runMs: number;
  readonly threads: number;
  readonly isCheap: boolean;
  readonly onRun: EngineOptions["onRun"];
}

function engineOf({ bundle, manifestSha256 }: Release, proven: Proven): StartedEngine {
  const { model, runMs, threads, isCheap, onRun } = proven;
  const run = observedRun((questions) => model.predict(questions), bundle.manifest, onRun);
  const ask: Engine["predict"] = isCheap ? coalesce(run) : (questions, span) => run(questions, span ? [span] : []);
  const lanes = Math.max(1, threads);
  return {
    manifest: bundle.manifest,
    manifestSha256,
    runMs,
    threads,
    concurrency: isCheap ? cheapConcurrency : threads * concurrencyPerThread,
    predict: inSlices(ask, { lanes, runMs }),
    close: () => model.close(),
  };
}
