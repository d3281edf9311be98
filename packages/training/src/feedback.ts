import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Feedback, parseFeedback } from "@tagsmith/model-bundle/feedback";
import { type ModelStore } from "@tagsmith/model-bundle/store";
import { type Example, judgingTitles, unreadable } from "./dataset.ts";
import { normalisedTitle } from "./split.ts";

/** A file of feedback, by the name that an error tells. */
interface FeedbackFile {
  readonly name: string;
  readonly text: string;
}

/** Every `.jsonl` below a folder, in the order of their names, which is that of time. Throws `DatasetError` where there is none. */
export async function* filesInFolder(folder: string): AsyncGenerator<FeedbackFile, void, undefined> {
  const paths = await readdir(folder, { recursive: true }).catch((cause: unknown) => unreadable(folder, cause));
  for (const path of paths.filter((name) => name.endsWith(".jsonl")).toSorted()) {
    const name = join(folder, path);
    yield { name, text: await readFile(name, "utf8").catch((cause: unknown) => unreadable(name, cause)) };
  }
}

/** The same below a prefix of a bucket. */
export async function* filesInStore(store: ModelStore, prefix: string): AsyncGenerator<FeedbackFile, void, undefined> {
  for await (const { key } of store.list(prefix)) {
    if (key.endsWith(".jsonl")) yield { name: `s3://${store.bucket}/${key}`, text: (await store.readText(key)).text };
  }
}

/** Feedback as questions to learn from, and how much of it can't be. */
interface FeedbackExamples {
  readonly examples: readonly Example[];
  /** Lines whose writers kept the text to themselves. */
  readonly withoutText: number;
  /** Lines about questions that the model is judged by: learnt, they would prove nothing any more. */
  readonly heldOut: number;
  /** Questions of which nothing is left beside contradictions. */
  readonly undecided: number;
}

export interface FeedbackOptions {
  /** What the model is trained and judged on otherwise. */
  readonly data: readonly Example[];
  /** How much a question counts beside one of the data. */
  readonly weight: number;
}

/**
 * Reads feedback. What is said of one question becomes one example, however often it is said; tags that it contradicts
 * itself about, and those that it doesn't name, are masked. Throws `BundleError` invalid_feedback naming file and line.
 */
export async function readFeedback(
  files: AsyncIterable<FeedbackFile>,
  { data, weight }: FeedbackOptions,
): Promise<FeedbackExamples> {
  const judging = judgingTitles(data);
  const byQuestion = new Map<string, [Feedback, ...Feedback[]]>();
  let withoutText = 0;
  let heldOut = 0;
  for await (const given of linesOf(files)) {
    const known = byQuestion.get(given.question_sha256);
    if (!given.question) withoutText += 1;
    else if (judging.has(normalisedTitle(given.question.title))) heldOut += 1;
    else if (known) known.push(given);
    else byQuestion.set(given.question_sha256, [given]);
  }
  const examples = [...byQuestion.values()].flatMap((said) => exampleOf(said, weight) ?? []);
  return { examples, withoutText, heldOut, undecided: byQuestion.size - examples.length };
}

async function* linesOf(files: AsyncIterable<FeedbackFile>): AsyncGenerator<Feedback, void, undefined> {
  for await (const { name, text } of files) {
    for (const [index, line] of text.split("\n").entries()) {
      const given = line.trim(); // of a byte order mark, too
      if (given !== "") yield parseFeedback(given, `${name}:${index + 1}`);
    }
  }
}

function exampleOf(said: readonly [Feedback, ...Feedback[]], weight: number): Example | undefined {
  const [{ question, given_at }] = said;
  const present = new Set(said.flatMap(({ accepted, added }) => [...accepted, ...added]).map(lowerCase));
  const absent = new Set(said.flatMap(({ rejected }) => rejected).map(lowerCase));
  const tags = [...present].filter((tag) => !absent.has(tag));
  const rejected = [...absent].filter((tag) => !present.has(tag));
  if (!question || tags.length + rejected.length === 0) return undefined;
  return {
    question,
    tags,
    tagsComplete: true,
    rejected,
    weight,
    split: "train",
    core: false,
    source: "feedback",
    date: given_at.slice(0, 10),
  };
}

const lowerCase = (tag: string) => tag.toLowerCase();
