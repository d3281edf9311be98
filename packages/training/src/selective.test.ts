import { expect, test } from "vitest";
import { answeredOrNot, confidentOf } from "./selective.ts";

const scored = {
  probabilities: Float32Array.from([0.9, 0.1, 0.3, 0.2, 0.6, 0.7, 0.4, 0.95]),
  targets: Int8Array.from([1, -1, -1, 1, 1, -1, 1, 0]),
  labels: 2,
};

test("the surer the best tag has to be, the fewer questions are covered, and the share of right ones is theirs alone", () => {
  expect(confidentOf(scored, 0)).toEqual({ coverage: 1, accuracy: 0.5 });
  expect(confidentOf(scored, 0.8)).toEqual({ coverage: 0.25, accuracy: 1 });
});

test("a tag that the source could not observe is no answer", () => {
  expect(answeredOrNot(scored, [0.5, 0.5])).toEqual({
    answered: { coverage: 0.5, accuracy: 0.5 },
    not_sure: { coverage: 0.5, accuracy: 0.5 },
  });
});
