import type { Manifest } from "@tagsmith/model-bundle/manifest";
import { expect, test } from "vitest";
import { toTagging } from "./tagging.ts";

const manifestOf = (thresholds: number[]) =>
  ({ labels: thresholds.map((_, label) => `tag-${label}`), thresholds }) as unknown as Manifest;
const predicted = (probabilities: number[], thresholds = probabilities.map(() => 0.5)) =>
  toTagging(manifestOf(thresholds), Float32Array.from(probabilities));

test("tags reach their own threshold and come best first", () => {
  expect(predicted([0.5, 0.25, 0.75, 0.5], [0.5, 0.25, 0.875, 0.625]).tags).toEqual(["tag-0", "tag-1"]);
});

test("where no label is likely, less is enough; a label that is likely keeps the others' thresholds", () => {
  const manifest = { ...manifestOf([0.5, 0.5]), unlabelled_discount: 0.9 };
  const tagsOf = (...probabilities: number[]) => toTagging(manifest, Float32Array.from(probabilities)).tags;
  // 1 - 0.9 × 0.7 × 0.9 = 0.433: the threshold falls to 0.2165.
  expect(tagsOf(0.3, 0.1)).toEqual(["tag-0"]);
  expect(tagsOf(0.1, 0.1)).toEqual([]);
  expect(tagsOf(0.3, 0.99)).toEqual(["tag-1"]);
});

test("a probability that is written like its threshold is at it, in single precision too", () => {
  const written = [0.1, 0.3, 0.7, 0.9, 0.95];
  expect(predicted(written, written).tags).toHaveLength(written.length);
});

test("the ten most confident labels are listed best first, the earlier of two equals before the other", () => {
  const probabilities = Array.from({ length: 100 }, (_, label) => ((label * 37) % 50) / 128);
  const best = probabilities
    .map((confidence, label) => ({ tag: `tag-${label}`, confidence }))
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, 10);
  expect(predicted(probabilities)).toEqual({ tags: [], predictions: best });
});

test("no more than ten are listed where all are equally confident", () => {
  expect(predicted(Array.from({ length: 30 }, () => 0.25)).predictions).toHaveLength(10);
});

test("every tag is listed, be it the eleventh or the least confident label", () => {
  const many = Array.from({ length: 15 }, () => 0.75);
  expect(predicted(many).predictions.map(({ tag }) => tag)).toEqual(predicted(many).tags);
  const last = predicted([0.0625, ...many], [0.0625, ...many.map(() => 1)]);
  expect(last.tags).toEqual(["tag-0"]);
  expect(last.predictions.map(({ tag }) => tag)).toHaveLength(11);
  expect(last.predictions.at(-1)).toEqual({ tag: "tag-0", confidence: 0.0625 });
});

test("a model of fewer labels has all of them listed", () => {
  expect(predicted([0.25, 0.5]).predictions.map(({ tag }) => tag)).toEqual(["tag-1", "tag-0"]);
});
