import { expect, test } from "vitest";
import { f1Margins } from "./bootstrap.ts";
import { randomOf } from "./random.ts";

/** One label that half of the questions have; a share of the decisions is wrong. */
function scored(questions: number, wrong: number): Parameters<typeof f1Margins>[0] {
  const random = randomOf(3);
  const targets = Int8Array.from({ length: questions }, () => 1);
  const probabilities = Float32Array.from(targets, () => (random() < wrong ? 0 : 1));
  return { probabilities, targets, labels: 1 };
}

test("four times the questions halve the interval", () => {
  const few = f1Margins(scored(500, 0.3), [0.5], 1).micro;
  const many = f1Margins(scored(2000, 0.3), [0.5], 1).micro;
  expect(few / many).toBeGreaterThan(1.6);
  expect(few / many).toBeLessThan(2.5);
});

test("the interval is that of the theory: recall's, through F1", () => {
  const recall = 0.7;
  const deviation = Math.sqrt((recall * (1 - recall)) / 2000);
  const slope = 2 / (1 + recall) ** 2;
  expect(f1Margins(scored(2000, 1 - recall), [0.5], 1).weighted).toBeCloseTo(1.96 * deviation * slope, 2);
});

test("what is always right has no interval", () => {
  expect(f1Margins(scored(100, 0), [0.5], 1)).toEqual({ weighted: 0, micro: 0 });
});
