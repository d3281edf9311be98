import type { Failure } from "../../app/failure.ts";
import type { RowFault } from "../../app/bulk.ts";
import type { Question } from "../../app/question.ts";
import { isPassing, type Ask } from "./ask.ts";
import type { Answer, Row } from "@tagsmith/question-files/row";

/** What makes a request worth its way, and still leaves the service room for others between two. */
const batch = { rows: 64, characters: 2 ** 20 } as const;
/** While one batch is answered, so many more are read and asked. */
const ahead = 1;

/** A row as it stands in the result. */
export interface TaggedRow {
  readonly end: number;
  readonly text: string;
  readonly fault?: RowFault;
  readonly isLast: boolean;
  /** The row has no answer for a reason that may pass. */
  readonly failure?: Failure;
}

/** Every row with its tags or with why it has none, in order. Reads no more than it needs for what is taken from it. */
export async function* tagRows(rows: AsyncIterable<Row>, ask: Ask): AsyncGenerator<TaggedRow, void, undefined> {
  const underway: Promise<TaggedRow[]>[] = [];
  for await (const rowsOfBatch of batchesOf(rows)) {
    const answer = tagBatch(rowsOfBatch, ask);
    answer.catch(() => undefined); // it is thrown when its turn comes
    underway.push(answer);
    if (underway.length > ahead) yield* (await underway.shift()) ?? [];
  }
  for (const answer of underway) yield* await answer;
}

async function* batchesOf(rows: AsyncIterable<Row>): AsyncGenerator<Row[], void, undefined> {
  let gathered: Row[] = [];
  let characters = 0;
  for await (const row of rows) {
    gathered.push(row);
    if ("question" in row.content) characters += row.content.question.title.length + row.content.question.body.length;
    if (gathered.length < batch.rows && characters < batch.characters) continue;
    yield gathered;
    gathered = [];
    characters = 0;
  }
  if (gathered.length > 0) yield gathered;
}

async function tagBatch(rows: readonly Row[], ask: Ask): Promise<TaggedRow[]> {
  const questions = rows.flatMap(({ content }) => ("question" in content ? [content.question] : []));
  const answers = (await answersTo(questions, ask)).values();
  return rows.map((row) => {
    if ("fault" in row.content) return tagged(row, row.content.fault);
    const answer = answers.next().value ?? { kind: "garbled" };
    if (!("kind" in answer)) return { end: row.end, text: row.print(answer), isLast: false };
    const fault = { row: row.number, reason: reasonOf(answer) };
    return { ...tagged(row, fault), ...(isPassing(answer) && { failure: answer }) };
  });
}

const tagged = (row: Row, fault: RowFault): TaggedRow => ({
  end: row.end,
  text: row.print({ fault }),
  fault,
  isLast: row.isLast ?? false,
});

/** Halves what is refused until each question that is to blame is alone, so that no other pays for it. */
async function answersTo(questions: readonly Question[], ask: Ask): Promise<readonly (Answer | Failure)[]> {
  if (questions.length === 0) return [];
  const result = await ask(questions);
  if (result.ok) return result.value;
  const { failure } = result;
  if (questions.length === 1 || isPassing(failure) || failure.kind === "no_text") return questions.map(() => failure);
  const middle = Math.ceil(questions.length / 2);
  const first = await answersTo(questions.slice(0, middle), ask);
  return [...first, ...(await answersTo(questions.slice(middle), ask))];
}

function reasonOf(failure: Failure): string {
  switch (failure.kind) {
    case "invalid":
      return `The service refuses it: ${Object.values(failure.fields).filter(Boolean).join(" ")}`;
    case "too_large":
      return "It is too large for the service.";
    case "no_text":
      return "The model in use doesn’t read questions.";
    case "no_tag":
    case "failed":
      return "The service failed on it.";
    case "unreachable":
    case "loading":
    case "overloaded":
    case "timeout":
    case "garbled":
      return "The service gave no answer in time.";
  }
}
