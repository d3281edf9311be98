import { expect, test } from "vitest";
import { type Example } from "./dataset.ts";
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
