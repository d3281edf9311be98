import type { Question } from "@tagsmith/features/question";
import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { totalBytes } from "@tagsmith/model-bundle/manifest";
import { createPredictor } from "@tagsmith/model-bundle/predictor";
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
const sliceQuestions = 16;
const sliceCharacters = 64_000;

/** One runs, the others' answers are being written or their slices take turns. */
const inlineConcurrency = 16;

/** One runs in each thread, and one waits there so that the thread never does. */
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
  const runMs = await thread.open(release.bundle);
  const isCheap = runMs < options.inlineRunMs && totalBytes(release.bundle.manifest) <= options.inlineBytes;
  const engine = isCheap ? await inlineEngine(release, thread) : await pooledEngine(release, thread, options.workers);
  return { ...engine, runMs };
}

async function inlineEngine(
  { bundle, manifestSha256 }: Release,
  proof: ModelThread,
): Promise<Omit<StartedEngine, "runMs">> {
  const [predictor] = await Promise.all([createPredictor(bundle), proof.close()]);
  return {
    manifest: bundle.manifest,
    manifestSha256,
    concurrency: inlineConcurrency,
    threads: 0,
    async predict(questions) {
      const answered: Float32Array[] = [];
      for (const slice of slices(questions)) answered.push(...(await predictor.predict(slice)));
      return answered;
    },
    close: () => predictor.close(),
  };
}

async function pooledEngine(
  { bundle, manifestSha256 }: Release,
  first: ModelThread,
  size: number,
): Promise<Omit<StartedEngine, "runMs">> {
  const pool = await Pool.open(bundle, { first, size });
  return {
    manifest: bundle.manifest,
    manifestSha256,
    concurrency: size * concurrencyPerThread,
    threads: size,
    predict: async (questions) =>
      (await Promise.all([...slices(questions)].map((slice) => pool.predict(slice)))).flat(),
    close: () => pool.close(),
  };
}

function* slices(questions: readonly Question[]): Generator<readonly Question[], void, undefined> {
  let slice: Question[] = [];
  let characters = 0;
  for (const question of questions) {
    slice.push(question);
    characters += question.title.length + question.body.length;
    if (slice.length < sliceQuestions && characters < sliceCharacters) continue;
    yield slice;
    slice = [];
    characters = 0;
  }
  if (slice.length > 0) yield slice;
}
