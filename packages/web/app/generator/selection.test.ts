import { expect, it } from "vitest";
import { select, tagsOf } from "./selection.ts";

const prediction = {
  ml_model_metadata: { name: "tags", version: "1.0.0", description: "", training_data: "" },
  tags: ["python", "regex"],
  predictions: [
    { tag: "python", confidence: 0.9 },
    { tag: "list", confidence: 0.4 },
    { tag: "regex", confidence: 0.3 },
  ],
};

it("by default the tags are those that the model stands behind, though another may be likelier", () => {
  const selection = select(prediction, { threshold: "model", most: 5 });
  expect(tagsOf(selection)).toEqual(["python", "regex"]);
  expect(selection.others.map(({ tag }) => tag)).toEqual(["list"]);
  expect(selection.isCut).toBe(false);
});

it("a threshold of one's own takes the place of all of the model's, itself included", () => {
  expect(tagsOf(select(prediction, { threshold: 0.4, most: 5 }))).toEqual(["python", "list"]);
  expect(tagsOf(select(prediction, { threshold: 0.95, most: 5 }))).toEqual([]);
});

it("of more tags than are wanted the best stay, and the rest are told to be cut", () => {
  const selection = select(prediction, { threshold: 0.1, most: 2 });
  expect(tagsOf(selection)).toEqual(["python", "list"]);
  expect(selection.isCut).toBe(true);
});
