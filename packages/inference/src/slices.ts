import { isFloatRow, type Instance } from "@tagsmith/model-bundle/instance";
import type { Engine } from "./model-access.ts";

type Predict = Engine["predict"];

/** What one run may hold, so that a large batch lets other requests through in between. */
const largestSlice = { questions: 16, characters: 64_000, ms: 16 } as const;

interface Course {
  /** Slices asked at once: one in each thread or two in the only one, so that who asks one question waits there for no more. */
  readonly lanes: number;
  /** What one question costs, in milliseconds. */
  readonly runMs: number;
}

/** Asks `predict` for a batch slice by slice, however large it is, as long as somebody waits for it. */
export function inSlices(predict: Predict, { lanes, runMs }: Course): Predict {
  const most = Math.min(largestSlice.questions, Math.max(1, Math.floor(largestSlice.ms / runMs)));
  return (questions, asker) =>
    questions.length === 1
      ? predict(questions, asker) // as most do: lanes would cost them a twentieth of their time
      : inLanes(slices(questions, most), lanes, (slice) => {
          asker?.signal?.throwIfAborted();
          return predict(slice, asker);
        });
}

/** Each lane asks for one slice after the other, so that those of other requests come in between. */
async function inLanes(
  slices: Iterable<readonly Instance[]>,
  lanes: number,
  predict: Predict,
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

function* slices(questions: readonly Instance[], most: number): Generator<readonly Instance[], void, undefined> {
  let slice: Instance[] = [];
  let characters = 0;
  for (const question of questions) {
    slice.push(question);
    characters += isFloatRow(question) ? 0 : question.title.length + question.body.length;
    if (slice.length < most && characters < largestSlice.characters) continue;
    yield slice;
    slice = [];
    characters = 0;
  }
  if (slice.length > 0) yield slice;
}
