import type { Instance } from "@tagsmith/model-bundle/instance";
import type { Span } from "@tagsmith/operations/tracing";
import type { Engine } from "./model-access.ts";
import type { Run } from "./observed-run.ts";

interface Ask {
  readonly questions: readonly Instance[];
  readonly span: Span | undefined;
  readonly resolve: (probabilities: readonly Float32Array[]) => void;
  readonly reject: (error: unknown) => void;
}

/** More would hold up the event loop; what doesn't fit is asked in its next turn. */
const questionsAtOnce = 64;

/**
 * Asks `run` once for what is asked in one turn of the event loop: a run costs as much by itself as the features of a
 * question do. Nobody waits for company. What fails together is asked again one by one, so that nobody fails for another.
 */
export function coalesce(run: Run): Engine["predict"] {
  const waiting: Ask[] = [];
  const answer = async (asks: readonly Ask[]): Promise<void> => {
    try {
      const questions = asks.flatMap(({ questions }) => questions);
      const rows = await run(
        questions,
        asks.flatMap(({ span }) => span ?? []),
      );
      let begin = 0;
      for (const { questions, resolve } of asks) resolve(rows.slice(begin, (begin += questions.length)));
    } catch (error) {
      if (asks.length > 1) await Promise.all(asks.map((ask) => answer([ask])));
      else asks[0]?.reject(error);
    }
  };
  const flush = () => {
    let count = 0;
    const fitting = waiting.findIndex(({ questions }) => (count += questions.length) > questionsAtOnce);
    const asks = waiting.splice(0, fitting < 0 ? waiting.length : Math.max(1, fitting));
    if (waiting.length > 0) setImmediate(flush);
    void answer(asks);
  };
  return (questions, span) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ questions, span, resolve, reject }) === 1) setImmediate(flush);
    });
}
