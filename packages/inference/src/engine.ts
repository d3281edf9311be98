import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { totalBytes } from "@tagsmith/model-bundle/manifest";
import { createPredictor, type Predictor } from "@tagsmith/model-bundle/predictor";
import { coalesceMessages, coalesceTurns } from "./coalesce.ts";
import { Handover, type Model } from "./handover.ts";
import { measureRun } from "./measure-run.ts";
import type { Engine } from "./model-access.ts";
import { ModelThread } from "./model-thread.ts";
import { Pool } from "./pool.ts";
import { observedRun, type Ran } from "./observed-run.ts";
import { inSlices } from "./slices.ts";

export interface EngineOptions {
  /** Threads of a heavy model. Where there may be several, a cheap one has one: a core that HTTP doesn't need. */
  readonly workers: number;
  /** A question that costs less can run on the main thread, where it can't hold up others for long. */
  readonly inlineRunMs: number;
  /** Creating a larger model's session would hold up the main thread for too long. */
  readonly inlineBytes: number;
  readonly onRun?: (ran: Ran) => void;
  /** Told why a thread that had served has ended. */
  readonly onDeath?: (cause: Error) => void;
  /** Told why a cheap model stays on the main thread that was to have one of its own. */
  readonly onStay?: (error: unknown) => void;
}

export interface StartedEngine extends Engine {
  /** Threads that hold the model; 0 when the main one does. */
  readonly threads: number;
}

export const engineDefaults = { inlineRunMs: 1, inlineBytes: 64 * 2 ** 20 } as const;

/** Requests at once on a cheap model: as many as come in one turn of the event loop, for more would only wait here. */
const cheapConcurrency = 64;

/** Slices of a batch at once in a cheap model's thread: one is answered and the next is there already. */
const lanesOfCheap = 2;

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
 * in a thread of its own. While none does, a small one is opened on the main thread and serves from there if it turns out to
 * be cheap, until it has a thread: that takes as long to boot as all the rest.
 * Throws `BundleError` when the model is not what its manifest says, and the signal's reason when that aborts.
 */
export async function startEngine(
  release: Release,
  options: EngineOptions,
  { isServing, signal }: Circumstances,
): Promise<StartedEngine> {
  const { bundle } = release;
  if (isSmall(bundle, options) && !isServing) {
    const model = await createPredictor(bundle);
    try {
      const runMs = await measureRun(model);
      if (runMs < options.inlineRunMs) {
        await model.checkGolden();
        return engineOf(release, options, { ...settled(bundle, model, options), runMs, isCheap: true });
      }
    } catch (error) {
      await model.close();
      throw error;
    }
    await model.close();
  }
  return proveInThread(release, options, signal);
}

function proveInThread(release: Release, options: EngineOptions, signal: AbortSignal): Promise<StartedEngine> {
  const { bundle } = release;
  const { onDeath } = options;
  return withThread(bundle, signal, async (thread, runMs) => {
    const isCheap = runMs < options.inlineRunMs;
    const threads = isCheap ? threadsOfCheap(bundle, options) : options.workers;
    const model =
      threads === 0
        ? await moveInline(bundle, thread)
        : await Pool.open(bundle, { first: thread, size: threads, onDeath });
    return engineOf(release, options, { model, runMs, threads, isCheap });
  });
}

const isSmall = ({ manifest }: Bundle, { inlineBytes }: EngineOptions) => totalBytes(manifest) <= inlineBytes;

/** More would only hold it once more. */
const threadsOfCheap = (bundle: Bundle, options: EngineOptions) =>
  Number(options.workers > 1 || !isSmall(bundle, options));

/** A cheap model that the main thread has proven, on its way to where it stays. */
function settled(bundle: Bundle, model: Model, options: EngineOptions): Pick<Proven, "model" | "threads"> {
  const threads = threadsOfCheap(bundle, options);
  if (threads === 0) return { model, threads };
  const open = (signal: AbortSignal) =>
    withThread(bundle, signal, (thread) =>
      Pool.open(bundle, { first: thread, size: threads, onDeath: options.onDeath }),
    );
  return { model: new Handover(model, { open, onStay: options.onStay }), threads };
}

/** Has a thread open the model. Stops it where `work` fails or the signal aborts before that. */
async function withThread<T>(
  bundle: Bundle,
  signal: AbortSignal,
  work: (thread: ModelThread, runMs: number) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const thread = new ModelThread();
  const stop = () => thread.stop();
  signal.addEventListener("abort", stop);
  try {
    // From then on it may be in a pool, where one that ends has died.
    const runMs = await thread.open(bundle).finally(() => signal.removeEventListener("abort", stop));
    signal.throwIfAborted();
    return await work(thread, runMs);
  } catch (error) {
    stop();
    throw error;
  }
}

/** The main thread opens the model in the place of the thread that has proven it. */
async function moveInline(bundle: Bundle, proof: ModelThread): Promise<Predictor> {
  const [predictor] = await Promise.all([createPredictor(bundle), proof.close()]);
  return predictor;
}

interface Proven {
  readonly model: Model;
  readonly runMs: number;
  readonly threads: number;
  readonly isCheap: boolean;
}

function engineOf(
  { bundle, manifestSha256 }: Release,
  { onRun }: EngineOptions,
  { model, runMs, threads, isCheap }: Proven,
): StartedEngine {
  const run = observedRun((questions) => model.predict(questions), bundle.manifest, onRun);
  const coalesced = threads === 0 ? coalesceTurns : coalesceMessages;
  const ask: Engine["predict"] = isCheap
    ? coalesced(run)
    : (questions, asker) => run(questions, asker?.span ? [asker.span] : []);
  const lanes = isCheap && threads > 0 ? lanesOfCheap : Math.max(1, threads);
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
