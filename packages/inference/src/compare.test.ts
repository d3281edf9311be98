import { expect, it } from "vitest";
import { fakeEngine } from "../test/fake-model.ts";
import { compare } from "./compare.ts";

const answer = (labels: string[], probabilities: number[]) => ({
  manifest: fakeEngine({ labels, thresholds: labels.map(() => 0.5), probabilitiesOf: () => [] }).manifest,
  probabilities: Float32Array.from(probabilities),
});
const labels = ["python", "css", "git"];

it("the same answer agrees in everything", () => {
  const one = answer(labels, [0.9, 0.6, 0.1]);
  expect(compare(one, one)).toEqual({ sameTags: 1, sameFirst: 1, overlap: 1, difference: 0 });
});

it("two answers without a tag agree", () => {
  expect(compare(answer(labels, [0.3, 0.2, 0.1]), answer(labels, [0.4, 0.2, 0.1]))).toMatchObject({
    sameTags: 1,
    overlap: 1,
  });
});

it("tags, the first guess and confidences are compared by label, wherever it stands", () => {
  const answers = [answer(labels, [0.9, 0.6, 0.1]), answer(["git", "python"], [0.9, 0.7])] as const;
  const comparison = compare(...answers);
  expect(comparison).toMatchObject({ sameTags: 0, sameFirst: 0 });
  expect(comparison.overlap).toBeCloseTo(1 / 3); // python; css and git
  expect(comparison.difference).toBeCloseTo((0.2 + 0.6 + 0.8) / 3); // a label that one doesn't know has no probability there
  expect(compare(answers[1], answers[0])).toEqual(comparison);
});
