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
export function coalesceTurns(run: Run, most = questionsAtOnce): Engine["predict"] {
  const waiting: Ask[] = [];
  const flush = () => {
    const asks = take(waiting, most);
    if (waiting.length > 0) setImmediate(flush);
    void answer(run, asks);
  };
  return (questions, asker) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ questions, span: asker?.span, resolve, reject }) === 1) setImmediate(flush);
    });
}

/** So many are worth a message while the thread is busy: were it more, clients, main thread and model would wait for each other in turn. */
const worthAMessage = 4;

/** One message holds no more questions, and one run in the thread, unless one asks for more by itself. */
const questionsInMessage = 8;

/**
 * The same for a model in a thread of its own. What is asked together, as the calls of one request are, goes at once while
 * the thread has nothing to do; while it has, once four ask.
 */
export function coalesceMessages(run: Run): Engine["predict"] {
  const waiting: Ask[] = [];
  let running = 0;
  const send = () => {
    while (waiting.length >= worthAMessage || (waiting.length > 0 && running === 0)) {
      running++;
      void answer(run, take(waiting, questionsInMessage)).then(() => {
        running--;
        send();
      });
    }
  };
  return (questions, asker) =>
    new Promise((resolve, reject) => {
      waiting.push({ questions, span: asker?.span, resolve, reject });
      process.nextTick(send);
    });
}

/** The thread's own end of it: small runs, one after the other, so that the main thread has answers to tell during the next. */
export const coalesceInThread = (run: Run) => coalesceTurns(run, questionsInMessage);

/** Takes those in front out of who waits: the first one, and who follows with no more than `most` questions in all. */
function take(waiting: Ask[], most: number): Ask[] {
  let count = 0;
  const fitting = waiting.findIndex(({ questions }) => (count += questions.length) > most);
  return waiting.splice(0, fitting < 0 ? waiting.length : Math.max(1, fitting));
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
