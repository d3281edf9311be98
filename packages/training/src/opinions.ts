import * as z from "zod";
import { type Example, judgingTitles, readLines } from "./dataset.ts";
import { normalisedTitle } from "./split.ts";

/** A question without tags. */
export const untagged = z.object({ title: z.string().min(1), body: z.string().nullish() });

/** The same, and how likely a teacher finds each tag. */
const opinion = untagged.extend({ confidences: z.record(z.string(), z.number().min(0).max(1)) });

/**
 * Reads what `npm run teach` writes, to learn from beside `data`; what is about questions that the model is judged by is left out.
 * @throws {DatasetError} naming the file, the line where there is one, and what is wrong with it
 */
export async function readOpinions(file: string, data: readonly Example[]): Promise<Example[]> {
  const judging = judgingTitles(data);
  return (await readLines(file, opinion))
    .filter(({ title }) => !judging.has(normalisedTitle(title)))
    .map(({ title, body, confidences }) => ({
      question: { title, body: body ?? "" },
      tags: [],
      tagsComplete: true,
      confidences,
      split: "train",
      core: false,
      source: "opinions",
      date: null,
    }));
}
