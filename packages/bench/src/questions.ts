import type { Question } from "@tagsmith/features/question";
import { goldenQuestions } from "@tagsmith/training/golden-questions";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Children } from "./children.ts";

export interface Questions {
  readonly list: readonly Question[];
  /** Where they are from, for the report. */
  readonly source: string;
  /** A file with one request body a line: `{title, body}`. */
  readonly bodies: string;
}

const questionSchema = z.object({ title: z.string().min(1), body: z.string().min(1) });

interface Sources {
  /** JSON lines of `{title, body}`. */
  readonly file: string | undefined;
  readonly peers: string | undefined;
  readonly folder: string;
}

/** Real questions with bodies: the user's own, those that come with the peers, or this project's few. */
export async function findQuestions(children: Children, { file, peers, folder }: Sources): Promise<Questions> {
  const bodies = join(folder, "questions.jsonl");
  const { list, source } = await read(children, { file, peers, folder });
  await writeBodies(bodies, list);
  return { list, source: `${list.length} ${source}, ${meanBytes(list)} bytes on average`, bodies };
}

/** Writes request bodies as wrk's script reads them. */
export async function writeBodies(path: string, bodies: readonly unknown[]): Promise<void> {
  await writeFile(path, bodies.map((body) => `${JSON.stringify(body)}\n`).join(""));
}

async function read(children: Children, { file, peers, folder }: Sources): Promise<Omit<Questions, "bodies">> {
  if (file !== undefined) return { list: await readLines(file), source: `questions of ${file}` };
  if (peers !== undefined && existsSync(join(peers, "make-requests"))) {
    const made = join(folder, "peers.jsonl");
    await children.start("make-requests", [join(peers, "make-requests"), made], { output: true }).output();
    return { list: await readLines(made), source: "real questions" };
  }
  const list = goldenQuestions.filter(({ body }) => body !== "");
  return { list, source: "golden examples of the shipped model (--questions FILE gives others)" };
}

/** @throws {Error} that names the line that isn't a question */
async function readLines(path: string): Promise<Question[]> {
  const lines = (await readFile(path, "utf8")).split("\n").filter(Boolean);
  if (lines.length === 0) throw new Error(`${path} has no questions.`);
  return lines.map((line, index) => {
    try {
      return questionSchema.parse(JSON.parse(line));
    } catch (cause) {
      throw new Error(`${path}:${index + 1} is no {"title", "body"}`, { cause });
    }
  });
}

function meanBytes(questions: readonly Question[]): number {
  const bytes = questions.reduce((sum, question) => sum + Buffer.byteLength(JSON.stringify(question)), 0);
  return Math.round(bytes / questions.length);
}
