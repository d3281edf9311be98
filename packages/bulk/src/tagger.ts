import { ServiceError } from "@tagsmith/inference/errors";
import { toTagging } from "@tagsmith/inference/tagging";
import type { Engine } from "@tagsmith/inference/model-access";
import { isBundleError } from "@tagsmith/model-bundle/errors";
import { versionId } from "@tagsmith/model-bundle/layout";
import type { Question } from "@tagsmith/question-files/question";
import type { Outcome, Row } from "@tagsmith/question-files/row";

export type Model = Pick<Engine, "manifest" | "predict">;

type Asked = Pick<Row, "number" | "content">;

const batchRows = 256;

export type Tagged<T> = T & { readonly outcome: Outcome };

/** What comes of the rows, in order and in batches: their tags, or why they have none. */
export async function* tagAll<T extends Asked>(
  rows: AsyncIterable<T> | Iterable<T>,
  model: Model,
): AsyncGenerator<readonly Tagged<T>[], void, undefined> {
  let batch: T[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < batchRows) continue;
    yield await tagBatch(batch, model);
    batch = [];
  }
  yield await tagBatch(batch, model);
}

async function tagBatch<T extends Asked>(rows: readonly T[], model: Model): Promise<Tagged<T>[]> {
  const questions = rows.flatMap(({ content }) => ("question" in content ? [content.question] : []));
  const answers = (await answersTo(questions, model)).values();
  const id = versionId(model.manifest);
  return rows.map((row) => {
    const { number, content } = row;
    if ("fault" in content) return { ...row, outcome: content };
    const probabilities = answers.next().value;
    if (!probabilities) return { ...row, outcome: { fault: { row: number, reason: "The model failed on it." } } };
    return { ...row, outcome: { tagging: toTagging(model.manifest, probabilities), model: id } };
  });
}

/** Halves what fails until each question that is to blame is alone, so that no other pays for it. */
async function answersTo(questions: readonly Question[], model: Model): Promise<readonly (Float32Array | undefined)[]> {
  if (questions.length === 0) return [];
  try {
    return await model.predict(questions);
  } catch (error) {
    const isTheirs =
      isBundleError(error, "invalid_output", "invalid_model") ||
      (error instanceof ServiceError && error.code === "worker_crashed");
    if (!isTheirs) throw error;
    if (questions.length === 1) return [undefined];
    const middle = Math.ceil(questions.length / 2);
    const first = await answersTo(questions.slice(0, middle), model);
    return [...first, ...(await answersTo(questions.slice(middle), model))];
  }
}
