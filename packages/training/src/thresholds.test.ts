import { expect, test } from "vitest";
import { findCuts, smoothCuts } from "./thresholds.ts";

test("a cut lies half-way between what to take and what to leave", () => {
  const cuts = findCuts(
    { probabilities: Float32Array.from([0.9, 0.6, 0.2]), targets: Int8Array.from([1, 1, -1]), labels: 1 },
    1,
  );
  expect(cuts.own[0]).toBeCloseTo(0.6 / 2);
  expect(cuts.positives).toEqual([2]);
});

test("a cut is found among the probabilities as thresholds meet them, which a row's factor lowers", () => {
  const held = { probabilities: Float32Array.from([0.9, 0.15]), targets: Int8Array.from([1, 1]), labels: 1 };
  expect(findCuts({ ...held, factors: Float32Array.from([1, 0.25]) }, 1).own[0]).toBeCloseTo(0.6 / 2);
});

test("the few questions that a masked label was observed on decide its cut alone", () => {
  const probabilities = Float32Array.from([0.9, 0.95, 0.9, 0.8, 0.9, 0.2]);
  const cuts = findCuts({ probabilities, targets: Int8Array.from([1, 0, 1, 1, 1, -1]), labels: 2 }, 1);
  expect(cuts.own[1]).toBeCloseTo(0.5);
  expect(cuts.positives[1]).toBe(1);
});

test("a label's cut is drawn towards the global one the more, the fewer positives it rests on", () => {
  const cuts = { own: [0.8, 0.8], global: 0.4, positives: [10, 1000] };
  expect(smoothCuts(cuts, 10)).toEqual([expect.closeTo(0.6), expect.closeTo(0.796, 2)]);
  expect(smoothCuts(cuts, Infinity)).toEqual([0.4, 0.4]);
});
