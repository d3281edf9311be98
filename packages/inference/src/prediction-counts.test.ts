import { Registry } from "prom-client";
import { expect, it } from "vitest";
import { PredictionCounts, showPredictions } from "./prediction-counts.ts";
import type { Tagging } from "./schemas.ts";

const answer = (tags: string[], confidence: number): Tagging => ({
  tags,
  predictions: [{ tag: tags[0] ?? "none", confidence }],
});

it("a tag is counted each time it is given, by name", () => {
  const counts = new PredictionCounts();
  const model = { labels: ["css", "html", "python"] };
  counts.count(model, answer(["python"], 0.9));
  counts.count(model, answer(["html", "python"], 0.5));
  counts.count(model, answer([], 0.1));
  expect(counts.byTag()).toEqual(
    new Map([
      ["html", 1],
      ["python", 2],
    ]),
  );
});

it("every answer falls into one band of confidence, the surest into the last", () => {
  const counts = new PredictionCounts();
  for (const confidence of [0, 0.099, 0.1, 0.95, 1]) counts.count({ labels: [] }, answer([], confidence));
  const bands = [...counts.byConfidence()];
  expect(bands).toHaveLength(10);
  expect(bands.filter(([, count]) => count > 0)).toEqual([
    ["0-10", 2],
    ["10-20", 1],
    ["90-100", 2],
  ]);
});

it("another model's answers are added, even while the one before still answers", () => {
  const counts = new PredictionCounts();
  const before = { labels: ["css", "python"] };
  const after = { labels: ["python", "rust"] };
  for (const model of [before, after, before, after]) counts.count(model, answer(["python"], 0.9));
  counts.count(after, answer(["rust"], 0.9));
  expect(counts.byTag()).toEqual(
    new Map([
      ["python", 4],
      ["rust", 1],
    ]),
  );
});

it("whoever reads twice reads the same counts", async () => {
  const counts = new PredictionCounts();
  counts.count({ labels: ["c++"] }, answer(["c++"], 0.85));
  const registry = new Registry();
  showPredictions(registry, counts);
  await registry.metrics();
  const text = await registry.metrics();
  expect(text).toContain('tagsmith_predictions_total{tag="c++"} 1');
  expect(text).toContain('tagsmith_answers_total{confidence="80-90"} 1');
  expect(text).toContain('tagsmith_answers_total{confidence="0-10"} 0');
});
