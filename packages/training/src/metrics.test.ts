import { expect, test } from "vitest";
import { calibrationError, coverage, f1Scores, reliability, visible } from "./metrics.ts";

/** Rows of [probability, target] for two labels. */
function scored(...rows: readonly (readonly [number, number])[][]): Parameters<typeof f1Scores>[0] {
  const cells = rows.flat();
  return {
    probabilities: Float32Array.from(cells, ([probability]) => probability),
    targets: Int8Array.from(cells, ([, target]) => target),
    labels: 2,
  };
}

test("F1 is weighted by positives and micro-averaged as scikit-learn does", () => {
  const answers = scored(
    [
      [0.9, 1],
      [0.9, -1],
    ],
    [
      [0.9, 1],
      [0.1, -1],
    ],
    [
      [0.1, 1],
      [0.9, 1],
    ],
  );
  const { weighted, micro, questions } = f1Scores(answers, [0.5, 0.5], 2);
  expect(questions).toBe(3);
  expect(weighted).toBeCloseTo((3 * 0.8 + (1 * 2) / 3) / 4);
  expect(micro).toBeCloseTo(6 / 8);
});

test("a label that the source could not observe counts neither for nor against", () => {
  const known = scored([
    [0.9, 1],
    [0.1, -1],
  ]);
  const masked = scored([
    [0.9, 1],
    [0.9, 0],
  ]);
  expect(f1Scores(masked, [0.5, 0.5], 2)).toEqual(f1Scores(known, [0.5, 0.5], 2));
  expect(reliability(masked)).toHaveLength(1);
});

test("a question without any of the judged labels is not judged", () => {
  expect(
    f1Scores(
      scored([
        [0.9, -1],
        [0.9, 1],
      ]),
      [0.5, 0.5],
      1,
    ).questions,
  ).toBe(0);
});

test("calibration error is the mean distance of confidence and accuracy", () => {
  const answers = scored(
    [
      [0.75, 1],
      [0.75, -1],
    ],
    [
      [0.05, -1],
      [0.05, -1],
    ],
  );
  expect(calibrationError(reliability(answers))).toBeCloseTo((0.25 * 2 + 0.05 * 2) / 4);
});

test("what people see of the calibration error leaves confidences below 10 % out", () => {
  const answers = scored(
    [
      [0.75, 1],
      [0.75, -1],
    ],
    [
      [0.05, -1],
      [0.09, -1],
    ],
  );
  expect(calibrationError(visible(reliability(answers)))).toBeCloseTo(0.25);
});

test("coverage is the share of questions with a tag", () => {
  expect(
    coverage(
      scored(
        [
          [0.9, 1],
          [0.1, 1],
        ],
        [
          [0.1, 1],
          [0.1, 1],
        ],
      ),
      [0.5, 0.5],
    ),
  ).toBe(0.5);
});
