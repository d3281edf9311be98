import { setTimeout as delay } from "node:timers/promises";
import type { Failure, Result } from "../../app/failure.ts";
import type { Question } from "../../app/question.ts";
import type { Inference } from "../inference.ts";
import { versionId } from "@tagsmith/model-bundle/layout";
import type { Answer } from "@tagsmith/question-files/row";

/** Asks the service for the tags of questions, in their order. */
export type Ask = (questions: readonly Question[]) => Promise<Result<readonly Answer[]>>;

/** One batch of the service is answered by one version; the next may be by another. */
export function askOf(inference: Pick<Inference, "predictBatch">, signal: AbortSignal): Ask {
  return async (questions) => {
    const batch = await inference.predictBatch(questions, signal);
    if (!batch.ok) return batch;
    const { results, ml_model_metadata: version } = batch.value;
    const model = versionId(version);
    return { ok: true, value: results.map((tagging) => ({ tagging, model })) };
  };
}

type Passing = Extract<Failure, { kind: "unreachable" | "loading" | "overloaded" | "timeout" | "garbled" }>;

/** Whether the same questions may well be answered in a while: nothing is wrong with them. */
export function isPassing(failure: Failure): failure is Passing {
  return ["unreachable", "loading", "overloaded", "timeout", "garbled"].includes(failure.kind);
}

interface Patience {
  /** How long the service may answer nothing at all before its failures count. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

const firstWaitMs = 250;
const longestWaitMs = 5_000;

/** Asks again, after as long as the service asks for, until it answers or patience ends. Rejects once the signal fires. */
export function patient(ask: Ask, { patienceMs, signal }: Patience): Ask {
  let answeredAt = performance.now();
  return async (questions) => {
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      const result = await ask(questions);
      if (result.ok) {
        answeredAt = performance.now();
        return result;
      }
      const waitMs = waitOf(result.failure, attempt);
      const isOver = performance.now() + waitMs > answeredAt + patienceMs;
      if (!isPassing(result.failure) || isOver) return result;
      await delay(waitMs, undefined, { signal });
    }
  };
}

function waitOf(failure: Failure, attempt: number): number {
  if ("retryAfterSeconds" in failure) return 1_000 * failure.retryAfterSeconds;
  return Math.min(longestWaitMs, firstWaitMs * 2 ** attempt);
}
