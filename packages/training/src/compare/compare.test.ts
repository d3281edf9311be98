import { expect, it } from "vitest";
import { compare, compareLabels } from "./compare.ts";
import { f1Of, outcomesOf, tallyOf } from "../outcomes.ts";

const labels = 3;

/** Questions whose label is `row % labels`; `isRight` says whether the model finds it, or the next label instead. */
function answers(rows: number, isRight: (row: number) => boolean) {
  const targets = new Int8Array(rows * labels).fill(-1);
  const probabilities = new Float32Array(rows * labels);
  for (let row = 0; row < rows; row++) {
    targets[row * labels + (row % labels)] = 1;
    probabilities[row * labels + ((row + (isRight(row) ? 0 : 1)) % labels)] = 0.9;
  }
  return outcomesOf({ probabilities, targets, labels }, [0.5, 0.5, 0.5]);
}

const eightInTen = answers(600, (row) => row % 10 < 8);

it("F1 is what the counts of right and wrong tags say", () => {
  expect(f1Of(tallyOf(eightInTen)).micro_f1).toBeCloseTo(0.8);
  expect(f1Of(tallyOf(eightInTen)).weighted_f1).toBeCloseTo(0.8);
});

it("a model that is clearly worse is found worse, and the other way round better", () => {
  const sixInTen = answers(600, (row) => row % 10 < 6);
  const comparison = compare({ candidate: sixInTen, baseline: eightInTen });
  expect(comparison).toMatchObject({ verdict: "worse", questions: 600 });
  expect(comparison.micro_f1.p).toBeLessThan(0.001);
  expect(comparison.micro_f1.interval[0]).toBeLessThan(-0.2);
  expect(comparison.micro_f1.interval[1]).toBeGreaterThan(-0.2);
  expect(comparison.micro_f1.interval[1]).toBeLessThan(0);
  expect(compare({ candidate: eightInTen, baseline: sixInTen }).verdict).toBe("better");
});

it("a model is neither better nor worse than itself, nor than one that errs as often elsewhere", () => {
  const itself = compare({ candidate: eightInTen, baseline: eightInTen });
  expect(itself).toMatchObject({ verdict: "no_difference", micro_f1: { p: 1, interval: [0, 0] } });
  const elsewhere = answers(600, (row) => row % 10 >= 2);
  expect(compare({ candidate: elsewhere, baseline: eightInTen }).verdict).toBe("no_difference");
});

it("one question more among few proves nothing", () => {
  const one = answers(20, (row) => row < 15);
  const other = answers(20, (row) => row < 16);
  expect(compare({ candidate: one, baseline: other })).toMatchObject({ verdict: "no_difference" });
});

it("the label that a model has lost comes first, and for certain; the others are no surer than chance", () => {
  const forgetful = answers(600, (row) => row % labels !== 1 && row % 10 < 8);
  const [first, ...others] = compareLabels({ candidate: forgetful, baseline: eightInTen });
  expect(first).toMatchObject({ label: 1, candidate: 0 });
  expect(first?.p).toBeLessThan(0.001);
  expect(others.find(({ label }) => label === 0)?.p).toBe(1);
});

it("what a source could not see is neither right nor wrong", () => {
  const targets = Int8Array.from([1, 0, -1]);
  const probabilities = Float32Array.from([0.9, 0.9, 0.1]);
  const { micro_f1 } = f1Of(tallyOf(outcomesOf({ probabilities, targets, labels }, [0.5, 0.5, 0.5])));
  expect(micro_f1).toBe(1);
});
