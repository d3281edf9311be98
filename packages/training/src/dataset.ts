import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Question } from "@tagsmith/features/question";
import { messageOf } from "@tagsmith/model-bundle/errors";
import { describeIssues } from "@tagsmith/model-bundle/issues";
import * as z from "zod";
import { normalisedTitle, type Split, splitOf } from "./split.ts";

/** One question with its tags, and what is known of where it comes from. */
export interface Example {
  readonly question: Question;
  readonly tags: readonly string[];
  /** False: the source kept the tags of its own list alone, so that a tag outside it may be missing. */
  readonly tagsComplete: boolean;
  /** Where given, the only tags that are known to be absent, whatever `tagsComplete` says. */
  readonly rejected?: readonly string[];
  /** Instead of tags: how likely each of them is in a teacher's opinion; those that aren't named count as absent. */
  readonly confidences?: Readonly<Record<string, number>>;
  /** How much it counts in training; 1 unless given. */
  readonly weight?: number;
  readonly split: Split;
  /** False: the source is biased to a topic; it is trained on, but decides nothing. */
  readonly core: boolean;
  readonly source: string;
  /** ISO date, if known. */
  readonly date: string | null;
}

const line = z.object({
  title: z.string().min(1),
  body: z.string().nullish(),
  /** As long as a model's label may be. */
  tags: z.array(z.string().min(1).max(200)),
  tags_complete: z.boolean().default(true),
  split: z.enum(["train", "val", "test"]).optional(),
  core: z.boolean().default(true),
  source: z.string().default("data"),
  date: z.string().nullish(),
});

/** Data that can't be learnt from: a file that can't be read, a line that is not what a question looks like. */
export class DatasetError extends Error {
  override readonly name = "DatasetError";
}

/** @throws {DatasetError} that names the file, for whatever the disk or a library has against it */
export function unreadable(file: string, cause: unknown): never {
  if (cause instanceof DatasetError) throw cause;
  throw new DatasetError(`${file} can't be read: ${messageOf(cause)}`, { cause });
}

/**
 * Reads questions, one JSON object a line, gzipped if the name ends in `.gz`. Only `title` and `tags` are needed; without a
 * `split`, the title's hash decides.
 * @throws {DatasetError} naming the file, the line where there is one, and what is wrong with it
 */
export async function readDataset(file: string): Promise<Example[]> {
  return (await readLines(file, line)).map(({ title, body, tags, tags_complete, split, core, source, date }) => ({
    question: { title, body: body ?? "" },
    tags: tags.map((tag) => tag.toLowerCase()),
    tagsComplete: tags_complete,
    split: split ?? splitOf(title),
    core,
    source,
    date: date ?? null,
  }));
}

/** What the lines of a file hold, gzipped if its name ends in `.gz`. Throws as `readDataset`. */
export async function readLines<Line>(file: string, schema: z.ZodType<Line>): Promise<Line[]> {
  const lines: Line[] = [];
  let number = 0;
  try {
    for await (const line of linesOf(streamOf(file))) {
      number += 1;
      const text = line.trim(); // of a byte order mark, too
      if (text !== "") lines.push(parseLine(text, schema, `${file}:${number}`));
    }
  } catch (cause) {
    unreadable(file, cause);
  }
  return lines;
}

/** Node's readline ends lines at U+2028 and U+2029, too, which stand as they are in JSON. */
async function* linesOf(stream: Readable): AsyncGenerator<string, void, undefined> {
  let begun: string[] = [];
  for await (const piece of stream.setEncoding("utf8")) {
    const [rest = "", ...others] = (piece as string).split("\n");
    begun.push(rest);
    for (const other of others) {
      yield begun.join("");
      begun = [other];
    }
  }
  yield begun.join("");
}

export function ofSplit(examples: readonly Example[], split: Split): Example[] {
  return examples.filter((example) => example.split === split);
}

/** The titles of questions that judge a model: learnt from, they would prove nothing any more. */
export function judgingTitles(data: readonly Example[]): ReadonlySet<string> {
  return new Set(data.filter(({ split }) => split !== "train").map(({ question }) => normalisedTitle(question.title)));
}

function streamOf(file: string): Readable {
  const stream = createReadStream(file);
  // Its errors come out of what unpacks it.
  return file.endsWith(".gz") ? pipeline(stream, createGunzip(), () => undefined) : stream;
}

function parseLine<Line>(text: string, schema: z.ZodType<Line>, place: string): Line {
  const parsed = schema.safeParse(parseJson(text, place));
  if (!parsed.success) throw new DatasetError(`${place}: ${describeIssues(parsed.error)}`);
  return parsed.data;
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DatasetError(`${place}: not JSON`, { cause });
  }
}
