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
export function coalesceTurns(run: Run): Engine["predict"] {
  const waiting: Ask[] = [];
  const flush = () => {
    let count = 0;
    const fitting = waiting.findIndex(({ questions }) => (count += questions.length) > questionsAtOnce);
    const asks = waiting.splice(0, fitting < 0 ? waiting.length : Math.max(1, fitting));
    if (waiting.length > 0) setImmediate(flush);
    void answer(run, asks);
  };
  return (questions, asker) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ questions, span: asker?.span, resolve, reject }) === 1) setImmediate(flush);
    });
}

/** One is answered and the next is there already, so that the thread need not wait for the main one. */
export const messagesAhead = 2;

/** So many share the cost of a message; with more, clients, main thread and model would come to wait for each other in turn. */
const asksInMessage = 4;

/** The same for a model in a thread of its own: asks at once what it has time for, and what comes meanwhile by fours. */
export function coalesceMessages(run: Run): Engine["predict"] {
  const waiting: Ask[] = [];
  let running = 0;
  const send = () => {
    running++;
    void answer(run, waiting.splice(0)).then(() => {
      if (--running < messagesAhead && waiting.length > 0) send();
    });
  };
  return (questions, asker) =>
    new Promise((resolve, reject) => {
      const count = waiting.push({ questions, span: asker?.span, resolve, reject });
      if (running < messagesAhead || count === asksInMessage) send();
    });
}

async function answer(run: Run, asks: readonly Ask[]): Promise<void> {
  try {
    const questions = asks.flatMap(({ questions }) => questions);
    const rows = await run(
      questions,
      asks.flatMap(({ span }) => span ?? []),
    );
    let begin = 0;
    for (const { questions, resolve } of asks) resolve(rows.slice(begin, (begin += questions.length)));
  } catch (error) {
    if (asks.length > 1) await Promise.all(asks.map((ask) => answer(run, [ask])));
    else asks[0]?.reject(error);
  }
}
