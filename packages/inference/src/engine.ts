import type { Question } from "@tagsmith/features/question";
import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { totalBytes } from "@tagsmith/model-bundle/manifest";
import { createPredictor, type Predictor } from "@tagsmith/model-bundle/predictor";
import { coalesce } from "./coalesce.ts";
import type { Engine } from "./model-access.ts";
import type { ModelThread } from "./model-thread.ts";
import { Pool } from "./pool.ts";

export interface EngineOptions {
  /** Threads of a heavy model. */
  readonly workers: number;
  /** A question that costs less runs on the main thread, where it can't hold up others for long. */
  readonly inlineRunMs: number;
  /** Creating a larger model's session would hold up the main thread for too long. */
  readonly inlineBytes: number;
}

export interface StartedEngine extends Engine {
  /** What one question costs, in milliseconds. */
  readonly runMs: number;
  /** Threads that hold the model; 0 when the main one does. */
  readonly threads: number;
}

/** A hop to a thread and back costs more than a cheap model's run (measured: 13 µs of 40); a heavy one's stalls `/livez`. */
export const engineDefaults = { inlineRunMs: 1, inlineBytes: 64 * 2 ** 20 } as const;

/** What one run may hold, so that a large batch lets other requests through in between. */
const largestSlice = { questions: 16, characters: 64_000, ms: 16 } as const;

/** Requests at once on a cheap model: as many as come in one turn of the event loop, for more would only wait here. */
const cheapConcurrency = 64;

/** On a heavy one: one runs in each thread, and one waits there so that the thread never does. */
const concurrencyPerThread = 2;

interface Release {
  readonly bundle: Bundle;
  readonly manifestSha256: string;
}

/**
 * Proves a model in a thread of its own (create, warm up, golden examples, cost), then serves it where it is cheapest.
 * Throws `BundleError` when the model is not what its manifest says. Closing the thread is the caller's then.
 */
export async function startEngine(
  release: Release,
  thread: ModelThread,
  options: EngineOptions,
): Promise<StartedEngine> {
  const { bundle, manifestSha256 } = release;
  const runMs = await thread.open(bundle);
  const isCheap = runMs < options.inlineRunMs;
  const isSmall = totalBytes(bundle.manifest) <= options.inlineBytes;
  const threads = isCheap ? Number(!isSmall) : options.workers;
  const model =
    threads === 0 ? await moveInline(bundle, thread) : await Pool.open(bundle, { first: thread, size: threads });
  // A slice of this batch in each thread: who asks one question waits there for one of them, however large the batch is.
  const lanes = Math.max(1, threads);
  const sliceQuestions = Math.min(largestSlice.questions, Math.max(1, Math.floor(largestSlice.ms / runMs)));
  const predict: Predictor["predict"] = (questions) => model.predict(questions);
  const ask = isCheap ? coalesce(predict) : predict;
  return {
    manifest: bundle.manifest,
    manifestSha256,
    runMs,
    threads,
    concurrency: isCheap ? cheapConcurrency : threads * concurrencyPerThread,
    predict: (questions) => inLanes(slices(questions, sliceQuestions), lanes, ask),
    close: () => model.close(),
  };
}

/** The main thread opens the model in the place of the thread that has proven it. */
async function moveInline(bundle: Bundle, proof: ModelThread): Promise<Predictor> {
  const [predictor] = await Promise.all([createPredictor(bundle), proof.close()]);
  return predictor;
}

/** Each lane asks for one slice after the other, so that those of other requests come in between. */
async function inLanes(
  slices: Iterable<readonly Question[]>,
  lanes: number,
  predict: Predictor["predict"],
): Promise<readonly Float32Array[]> {
  const answered: (readonly Float32Array[])[] = [];
  let taken = 0;
  const lane = async () => {
    for (const slice of slices) {
      const place = taken++;
      answered[place] = await predict(slice);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return answered.flat();
}

function* slices(questions: readonly Question[], most: number): Generator<readonly Question[], void, undefined> {
  let slice: Question[] = [];
  let characters = 0;
  for (const question of questions) {
    slice.push(question);
    characters += question.title.length + question.body.length;
    if (slice.length < most && characters < largestSlice.characters) continue;
    yield slice;
    slice = [];
    characters = 0;
  }
  if (slice.length > 0) yield slice;
}
