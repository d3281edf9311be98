import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Feedback, feedbackKey, feedbackLine } from "@tagsmith/model-bundle/feedback";
import { itWithStore } from "@tagsmith/model-bundle/test/with-store";
import { expect, test } from "vitest";
import { type Example } from "./dataset.ts";
import { filesInFolder, filesInStore, readFeedback } from "./feedback.ts";

const given: Feedback = {
  schema_version: 1,
  given_at: "2026-11-25T10:11:12.345Z",
  model: { name: "tiny", version: "1" },
  question_sha256: "a".repeat(64),
  question: { title: "How to use zig", body: "" },
  accepted: ["C"],
  rejected: ["css"],
  added: ["zig"],
};
const options = { data: [], weight: 2 };

async function* file(...lines: readonly Feedback[]) {
  yield await Promise.resolve({ name: "a.jsonl", text: lines.map(feedbackLine).join("") });
}

test("a question is learnt by the tags that are named, and nothing is made of the others", async () => {
  expect(await readFeedback(file(given), options)).toEqual({
    examples: [
      {
        question: given.question,
        tags: ["c", "zig"],
        rejected: ["css"],
        weight: 2,
        tagsComplete: true,
        split: "train",
        core: false,
        source: "feedback",
        date: "2026-11-25",
      },
    ],
    withoutText: 0,
    heldOut: 0,
    undecided: 0,
  });
});

test("what is said twice counts once, and a contradiction says nothing", async () => {
  const other = { ...given, accepted: ["css"], added: [] };
  const { examples } = await readFeedback(file(given, given, other), options);
  expect(examples).toEqual([expect.objectContaining({ tags: ["c", "zig"], rejected: [] })]);
});

test("a question of which nothing is said but contradictions is counted and left out", async () => {
  const [yes, no] = [
    { ...given, accepted: ["c"], rejected: [], added: [] },
    { ...given, accepted: [], rejected: ["C"], added: [] },
  ];
  const read = await readFeedback(file(yes, no, no), options);
  expect(read).toEqual({ examples: [], withoutText: 0, heldOut: 0, undecided: 1 });
});

test("a line whose text its writer kept is counted and left out", async () => {
  const { question, ...rest } = given;
  expect(question).toBeDefined();
  expect(await readFeedback(file(rest, rest), options)).toEqual({
    examples: [],
    withoutText: 2,
    heldOut: 0,
    undecided: 0,
  });
});

test("a question that the model is judged by is not learnt", async () => {
  const judging = { question: { title: "How to use ZIG?", body: "" }, split: "test" } as Example;
  const read = await readFeedback(file(given), { ...options, data: [judging] });
  expect(read).toEqual({ examples: [], withoutText: 0, heldOut: 1, undecided: 0 });
});

test("a line that can't be read is named with its file and number", async () => {
  const folder = await mkdtemp(join(tmpdir(), "feedback-"));
  await mkdir(join(folder, "date=2026-11-25"));
  await writeFile(join(folder, "date=2026-11-25", "1-a.jsonl"), `${feedbackLine(given)}{"title":"no feedback"}\n`);
  await expect(readFeedback(filesInFolder(folder), options)).rejects.toThrow(
    /date=2026-11-25\/1-a\.jsonl:2: .*schema_version/,
  );
});

itWithStore("a bucket is read like a folder", async ({ store }) => {
  await store.write(feedbackKey(new Date("2026-11-25T10:00:00Z"), "x"), feedbackLine(given));
  await store.write("models/other.jsonl", "nonsense");
  const { examples } = await readFeedback(filesInStore(store, "feedback/"), options);
  expect(examples.map(({ question }) => question.title)).toEqual(["How to use zig"]);
});

test("a folder that isn't there is named", async () => {
  await expect(readFeedback(filesInFolder("nowhere"), options)).rejects.toThrow("nowhere can't be read: ENOENT");
});

test("what is no file is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "feedback-"));
  await mkdir(join(folder, "1-a.jsonl"));
  await expect(readFeedback(filesInFolder(folder), options)).rejects.toThrow(/1-a\.jsonl can't be read: EISDIR/);
});

test("a file may begin with a byte order mark, as Windows' editors write it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "feedback-"));
  await writeFile(join(folder, "1-a.jsonl"), `\u{feff}${feedbackLine(given)}`);
  expect((await readFeedback(filesInFolder(folder), options)).examples).toHaveLength(1);
});
