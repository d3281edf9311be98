import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { probabilities, questions, verbs } from "../test/small-training.ts";
import { type Example, readDataset } from "./dataset.ts";
import { trainBundle } from "./pipeline.ts";
import { recipeOf } from "./recipe.ts";
import { type Split } from "./split.ts";

const example = (split: Split, tags: readonly string[] = ["x"]): Example => ({
  ...{ question: { title: split, body: "" }, tags, tagsComplete: true, split, core: true, source: "data", date: null },
});

const train = (examples: readonly Example[]) =>
  trainBundle(examples, { recipe: recipeOf(1), version: "1", folder: "nowhere", onProgress: () => undefined });

test.each([
  ["no questions", [], "No question is in the split val"],
  ["no split to judge by", [example("train"), example("val")], "No question is in the split test"],
  ["no tags", [example("train", []), example("val"), example("test")], "no question to train on has a tag"],
  ["no words in common", [example("train"), example("val"), example("test")], "have no words in common"],
])("data that can't be learnt from is refused before anything is written: %s", async (_what, examples, reason) => {
  await expect(train(examples)).rejects.toThrow(reason);
});

const opinion = (index: number): Example => ({
  ...example("train", []),
  question: { title: `Why does the vector ${verbs[index % 10] ?? ""} entry ${index}`, body: "" },
  core: false,
  confidences: { python: 0.9 },
});

test.each([
  ["so many", 120, "by an embedding bag of"],
  ["fewer", 119, "by linear support vector machines on"],
])(
  "of opinions, %s teach an embedding bag or a linear model, and both what only they know",
  async (_what, count, by) => {
    const parent = await mkdtemp(join(tmpdir(), "tagsmith-"));
    const data = join(parent, "questions.jsonl");
    await writeFile(data, questions());
    const recipe = { ...recipeOf(1), bagOpinions: 120, bag: { width: 8, epochs: 10, batch: 32, rate: 0.01, seed: 1 } };
    const examples = [...(await readDataset(data)), ...Array.from({ length: count }, (_, index) => opinion(index))];
    const folder = await mkdtemp(join(parent, "bundle-"));
    const bundle = await trainBundle(examples, { recipe, version: "1", folder, onProgress: () => undefined });
    expect(bundle.manifest.description).toContain(by);
    expect((await probabilities("Why does the vector vanish", bundle))["python"]).toBeGreaterThan(0.5);
    expect((await probabilities("How to parse with spring in java", bundle))["python"]).toBeLessThan(0.1);
  },
);
