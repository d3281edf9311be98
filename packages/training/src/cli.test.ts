import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyFiles } from "@tagsmith/model-bundle/bundle-files";
import { type Bundle, readBundle } from "@tagsmith/model-bundle/bundle";
import { feedbackLine } from "@tagsmith/model-bundle/feedback";
import { createPredictor } from "@tagsmith/model-bundle/predictor";
import { beforeAll, expect, test, vi } from "vitest";
import {
  commandOf,
  probabilities,
  questions,
  runLimited,
  subjects,
  train,
  transformer,
  verbs,
} from "../test/small-training.ts";

function dump(): string {
  const rows = Array.from({ length: 150 }, (_, index) => {
    const title = `Why does ownership ${verbs[index % 10]} number ${index} fail in rust`;
    return `<row Id="${index}" PostTypeId="1" CreationDate="2025-01-02T03:04:05.678" Title="${title}" Body="&lt;p&gt;x&lt;/p&gt;" Tags="|rust|" />`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>\n<posts>\n${rows.join("\n")}\n</posts>\n`;
}

let folder: string;
let bundle: Bundle;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tagsmith-"));
  await writeFile(join(folder, "questions.jsonl"), questions());
  await writeFile(join(folder, "Posts.xml"), dump());
  const data = ["--data", join(folder, "questions.jsonl"), "--dump", join(folder, "Posts.xml"), "--seed", "7"];
  await Promise.all([train(...data, "--out", join(folder, "one")), train(...data, "--out", join(folder, "two"))]);
  bundle = await readBundle(join(folder, "one"));
});

test("the same data and seed give the same bytes", async () => {
  const names = await readdir(join(folder, "one"));
  expect(names.toSorted()).toEqual(["manifest.json", "model.onnx", "report.html", "vocabulary.bin"]);
  for (const name of names) {
    const [one, two] = await Promise.all(["one", "two"].map((run) => readFile(join(folder, run, name))));
    expect(one?.equals(two ?? Buffer.alloc(0)), name).toBe(true);
  }
});

test("the bundle is what its manifest says, and onnxruntime answers its golden questions", async () => {
  await verifyFiles(bundle);
  const predictor = await createPredictor(bundle);
  await predictor.checkGolden();
  await predictor.close();
  const number = expect.any(Number) as number;
  const figures = { weighted_f1: number, weighted_f1_margin: number, micro_f1: number, micro_f1_margin: number };
  expect(bundle.manifest).toMatchObject({
    created_at: "2025-01-02T00:00:00Z",
    training_data: expect.stringMatching(/^[\d,]+ questions of 2024 to 2025, /) as string,
    metrics: { titles: figures, titles_2024: figures, predecessor_titles: figures },
  });
});

test("it learns what the titles say", async () => {
  for (const [tag, word] of Object.entries(subjects)) {
    const found = await probabilities(`How to index with ${word} in ${tag}`, bundle);
    expect(Math.max(...Object.values(found)), tag).toBe(found[tag]);
  }
});

test("a tag that one source cuts away is learnt from the other, not unlearnt", async () => {
  expect((await probabilities("How to cache with hooks in reactjs", bundle))["reactjs"]).toBeGreaterThan(0.5);
});

test("the dump's questions are learnt too", async () => {
  expect(bundle.manifest.labels).toContain("rust");
  expect((await probabilities("Why does ownership fail in rust", bundle))["rust"]).toBeGreaterThan(0.5);
});

/** What somebody thinks of a question, told apart by its number. */
const opinionOf = (index: number, title: string) =>
  feedbackLine({
    schema_version: 1,
    given_at: "2026-11-25T10:11:12.345Z",
    model: { name: "tiny", version: "1" },
    question_sha256: String(index).padStart(64, "0"),
    question: { title, body: "" },
    accepted: ["java"],
    rejected: ["css"],
    added: [],
  });

test("feedback teaches words that the data doesn't have, and changes nothing that it doesn't name", async () => {
  const feedback = await mkdtemp(join(tmpdir(), "feedback-"));
  const lines = Array.from({ length: 60 }, (_, index) =>
    opinionOf(index, `Why does quarkus ${verbs[index % 10]} my beans ${index}`),
  );
  await writeFile(join(feedback, "1-a.jsonl"), lines.join(""));
  const out = join(folder, "with-feedback");
  const before = await probabilities("Why does quarkus ignore my beans", bundle);
  const data = ["--data", join(folder, "questions.jsonl"), "--seed", "7", "--out", out];
  expect(await train(...data, "--feedback", feedback)).toMatchObject({
    stderr: expect.stringContaining("feedback: 60 questions; left out: 0 without text") as string,
  });
  const after = await probabilities("Why does quarkus ignore my beans", await readBundle(out));
  expect(after["java"]).toBeGreaterThan(0.5);
  expect(after["java"]).toBeGreaterThan(before["java"] ?? 1);
  expect((await probabilities("How to index with pandas in python", await readBundle(out)))["python"]).toBeGreaterThan(
    0.5,
  );
});

test("feedback may be of any number of questions", async () => {
  const feedback = await mkdtemp(join(tmpdir(), "feedback-"));
  const lines = Array.from({ length: 130_000 }, (_, index) => opinionOf(index, `number ${index}`));
  await writeFile(join(feedback, "1-a.jsonl"), lines.join(""));
  const data = ["--data", join(folder, "questions.jsonl"), "--out", join(folder, "never")];
  const ended = train(...data, "--feedback", feedback, "--opinions", join(folder, "none.jsonl")); // read after it
  await expect(ended).rejects.toThrow(/none\.jsonl.*ENOENT/);
});

test("a transformer answers together with the linear model, in one bundle", async () => {
  const { labels } = bundle.manifest;
  const out = join(folder, "large");
  const data = ["--data", join(folder, "questions.jsonl"), "--dump", join(folder, "Posts.xml"), "--seed", "7"];
  await train(...data, "--transformer", await transformer(labels), "--out", out);
  const large = await readBundle(out);
  await verifyFiles(large);
  expect(large.manifest).toMatchObject({
    name: "stackoverflow-tags-large",
    input: { kind: "tokens", features: { vocabulary: "vocabulary.bin" } },
    labels,
  });
  expect((await probabilities("vector", large))["python"]).toBeGreaterThan(0.5);
  expect((await probabilities("vector", bundle))["python"]).toBeLessThan(0.5);
  expect((await probabilities("pandas in python", large))["python"]).toBeGreaterThan(0.5);
});

test("an opinion that is none is named by its file, line and field", async () => {
  const opinions = join(folder, "no-opinions.jsonl");
  await writeFile(opinions, '{"title":"a","confidences":{"python":2}}');
  const data = ["--data", join(folder, "questions.jsonl"), "--opinions", opinions, "--out", join(folder, "never")];
  await expect(train(...data)).rejects.toThrow(`${opinions}:1: confidences.python: `);
});

test("a transformer that learnt other labels is refused by its file", async () => {
  const other = await transformer(["python", "java"]);
  const data = ["--data", join(folder, "questions.jsonl"), "--transformer", other, "--out", join(folder, "never")];
  await expect(train(...data)).rejects.toThrow(`${join(other, "model.onnx")} has not learnt the labels`);
  await expect(train(...data.with(3, join(folder, "nowhere")))).rejects.toThrow("nowhere/model.onnx can't be read");
});

test("the report stands alone: charts inside, nothing fetched", async () => {
  const report = await readFile(join(folder, "one", "report.html"), "utf8");
  expect(report.match(/<svg/g)).toHaveLength(2);
  expect(report).toContain("Predecessor");
  expect(report).toMatch(/<td>[\d.]+ <small>± [\d.]+<\/small>/);
  expect(report).toMatch(/not sure<\/th><td>[\d.]+<\/td><td>[\d.]+/);
  expect(report.replaceAll(/xmlns(:xlink)?="[^"]*"/g, "")).not.toMatch(/<script|<link|src=|https?:/);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends training and leaves the old bundle, and nothing beside",
  async (signal) => {
    const parent = await mkdtemp(join(tmpdir(), "tagsmith-"));
    const [data, out] = [join(parent, "questions.jsonl"), join(parent, "bundle")];
    await writeFile(data, questions(8_000));
    await mkdir(out);
    await writeFile(join(out, "manifest.json"), "old");
    const child = spawn(process.execPath, [...commandOf("cli.ts"), "--data", data, "--out", out]);
    const ended = once(child, "exit");
    const written = () => readdir(parent, { recursive: true });
    const vocabulary = expect.stringMatching(/^\.bundle\.[^/]+\/vocabulary\.bin$/) as string;
    await vi.waitFor(async () => expect(await written()).toContainEqual(vocabulary), { timeout: 50_000 });
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect((await readdir(parent)).toSorted()).toEqual(["bundle", "questions.jsonl"]);
    expect(await readdir(out)).toEqual(["manifest.json"]);
    expect(await readFile(join(out, "manifest.json"), "utf8")).toBe("old");
  },
);

test("a reader who leaves ends training without a word, and nothing is left", async () => {
  const parent = await mkdtemp(join(tmpdir(), "tagsmith-"));
  const data = join(parent, "questions.jsonl");
  await writeFile(data, questions(8_000));
  const child = spawn(process.execPath, [...commandOf("cli.ts"), "--data", data, "--out", join(parent, "bundle")]);
  const ended = once(child, "exit");
  const fresh = expect.stringMatching(/^\.bundle\./) as string;
  await vi.waitFor(async () => expect(await readdir(parent)).toContainEqual(fresh), { timeout: 50_000 });
  child.stderr.destroy();
  expect(await ended).toEqual([141, null]);
  expect(await readdir(parent)).toEqual(["questions.jsonl"]);
});

test("a full disk is named in one line, and nothing is left", async () => {
  const parent = await mkdtemp(join(tmpdir(), "tagsmith-"));
  const data = join(folder, "questions.jsonl");
  const limited = runLimited(...commandOf("cli.ts"), "--data", data, "--out", join(parent, "bundle"));
  await expect(limited).rejects.toMatchObject({
    stderr: expect.stringMatching(/^\S+\.bundle\.[\w-]+ can't be written: EFBIG: file too large, write$/m) as string,
  });
  await expect(limited).rejects.not.toMatchObject({ stderr: expect.stringContaining("    at ") as string });
  expect(await readdir(parent)).toEqual([]);
});

test("a wrong call says what is missing and how to call it", async () => {
  await expect(train("--data", "x.jsonl")).rejects.toThrow(
    /--out and one of --data and --dump are needed[^]*npm run train/,
  );
  await expect(train("--date", "x.jsonl")).rejects.toThrow(
    /^Command failed.*\nUnknown option '--date'[^]*npm run train/m,
  );
  await expect(train("--data", "x.jsonl", "--out", "x", "--version", "a/b")).rejects.toThrow("--version a/b: must be");
  expect(await train("--help")).toMatchObject({ stdout: expect.stringContaining("npm run train") as string });
});
