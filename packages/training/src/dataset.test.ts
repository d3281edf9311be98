import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DatasetError, readDataset } from "./dataset.ts";

async function fileOf(name: string, text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "tagsmith-")), name);
  await writeFile(file, name.endsWith(".gz") ? gzipSync(text) : text);
  return file;
}

test("a line needs a title and tags; the rest has sensible defaults", async () => {
  const file = await fileOf("questions.jsonl.gz", '{"title":"Sort a list","tags":["Python"]}\n\n');
  const [example, ...others] = await readDataset(file);
  expect(others).toEqual([]);
  expect(example).toMatchObject({ question: { title: "Sort a list", body: "" }, tags: ["python"], tagsComplete: true });
});

test("the same title, however it is written, falls into the same split", async () => {
  const titles = ["Sort a list?", "sort  a LIST", "Sort a list!"];
  const lines = titles.map((title) => JSON.stringify({ title, tags: ["x"] })).join("\n");
  const examples = await readDataset(await fileOf("questions.jsonl", lines));
  expect(new Set(examples.map(({ split }) => split)).size).toBe(1);
});

test("a bad line is named with its file, its number and what is wrong", async () => {
  const notJson = await fileOf("questions.jsonl", '{"title":"a","tags":[]}\nnonsense\n');
  await expect(readDataset(notJson)).rejects.toThrow(/questions\.jsonl:2: not JSON/);
  const fields = await fileOf("questions.jsonl", '{"title":"","tags":["a",3]}\n');
  await expect(readDataset(fields)).rejects.toThrow(/questions\.jsonl:1: title: [^✖→]+; tags\[1\]: [^✖→]+$/);
  const long = await fileOf("questions.jsonl", JSON.stringify({ title: "a", tags: ["x".repeat(201)] }));
  await expect(readDataset(long)).rejects.toThrow(/questions\.jsonl:1: tags\[0\]: .*200 characters$/);
  const number = await fileOf("questions.jsonl", "5\n");
  await expect(readDataset(number)).rejects.toThrow(/questions\.jsonl:1: the object: [^✖→]+$/);
});

test("what can't be read is named: nothing there, a folder, no gzip, half of one", async () => {
  const packed = await fileOf("questions.jsonl.gz", '{"title":"a","tags":["x"]}\n');
  const half = packed.replace("questions", "half");
  await writeFile(half, (await readFile(packed)).subarray(0, 20));
  const loose = packed.replace("questions", "loose");
  await writeFile(loose, "{}");
  const nothing = `${packed}.jsonl`;
  for (const file of [nothing, `${nothing}.gz`, dirname(packed), loose, half]) {
    const error = await readDataset(file).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(DatasetError);
    expect(String(error)).toContain(`${file} can't be read: `);
  }
});

test("a byte order mark is none of the first line", async () => {
  const file = await fileOf("questions.jsonl", '\ufeff{"title":"a","tags":["x"]}\n');
  expect(await readDataset(file)).toHaveLength(1);
});

test("a line ends at a line feed, with or without a return, and nowhere else", async () => {
  const titles = ["line\u2028separator", "paragraph\u2029separator", "next\u0085line", "x".repeat(200_000)];
  const text = titles.map((title) => JSON.stringify({ title, tags: ["x"] })).join("\r\n");
  for (const name of ["questions.jsonl", "questions.jsonl.gz"]) {
    const examples = await readDataset(await fileOf(name, text));
    expect(examples.map(({ question }) => question.title)).toEqual(titles);
  }
});
