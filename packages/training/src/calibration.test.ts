import { expect, test } from "vitest";
import { calibrate, confidencesOf } from "./calibration.ts";
import { randomOf } from "./random.ts";

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
/** Steep among the many negatives, flat among the positives: what a support vector machine's margins are like. */
const truth = (margin: number): number => sigmoid((margin < -0.5 ? 8 : 1) * (margin + 0.5));

function sample(count: number): { margins: Float32Array; targets: Int8Array } {
  const random = randomOf(3);
  const margins = Float32Array.from({ length: count }, () =>
    random() < 0.8 ? -1.3 + 0.6 * random() : -1 + 3 * random(),
  );
  return { margins, targets: Int8Array.from(margins, (margin) => (random() < truth(margin) ? 1 : -1)) };
}

test("confidences are right where a straight line of logits is not", () => {
  const { margins, targets } = sample(200_000);
  const asked = Float32Array.from([-1, -0.6, -0.2, 0.3, 0.8, 1.5]);
  confidencesOf(asked, calibrate(margins, targets)).forEach((confidence, at) => {
    expect(Math.abs(confidence - truth(asked[at] ?? 0)), `margin ${asked[at]}`).toBeLessThan(0.06);
  });
});

test("a greater margin is a greater confidence, even where the sample says otherwise", () => {
  const margins = Float32Array.from({ length: 400 }, (_, at) => at / 100 - 2);
  const targets = Int8Array.from(margins, (margin) => (margin > -1 && margin < 0.5 ? 1 : -1));
  const found = [...confidencesOf(margins, calibrate(margins, targets))];
  expect(found.every((confidence, at) => at === 0 || confidence > (found[at - 1] ?? 1))).toBe(true);
});

test("what a source could not observe says nothing", () => {
  const { margins, targets } = sample(2_000);
  const masked = Float32Array.from([...margins, ...margins.map(() => 2)]);
  expect(calibrate(masked, Int8Array.from([...targets, ...targets.map(() => 0)]))).toEqual(calibrate(margins, targets));
});

test.each([
  ["no question has a tag", [-1, -1, -1]],
  ["every question has it", [1, 1, 1]],
  ["tags and margins agree wholly", [-1, 1, 1]],
  ["there is nothing to learn from", [0, 0, 0]],
])("when %s, confidences stay numbers between 0 and 1", (_, targets) => {
  const margins = Float32Array.from([-1, 0.5, 1]);
  for (const confidence of confidencesOf(margins, calibrate(margins, Int8Array.from(targets)))) {
    expect(confidence).toBeGreaterThanOrEqual(0);
    expect(confidence).toBeLessThanOrEqual(1);
  }
});
