import { expect, test } from "vitest";
import { type Calibration, confidencesOf } from "./calibration.ts";
import { WHOLE } from "./labels.ts";
import { fitLevels, levelled } from "./levels.ts";
import { randomOf } from "./random.ts";

const calibration: Calibration = { knots: [-0.8, 0.2], slopes: [12, 4, 2], offset: -4 };
const truth = [
  { factor: 1, shift: 0 },
  { factor: 1.4, shift: 0.3 },
  { factor: 0.8, shift: -0.1 },
];

/** Margins of three labels, and opinions that are right about them under the true levels. */
function sample(rows: number) {
  const random = randomOf(5);
  const margins = Float32Array.from({ length: rows * truth.length }, () => -1.3 + 2.6 * random() ** 2);
  const shares = Uint8Array.from(confidencesOf(levelled(margins, truth), calibration), (share) => WHOLE * share);
  return { margins, shares, labels: truth.length };
}

test("a label's level is found that makes one calibration right for it, and none where the margin is right", () => {
  fitLevels(sample(20_000), calibration).forEach(({ factor, shift }, label) => {
    expect(factor).toBeCloseTo(truth[label]?.factor ?? 0, 1);
    expect(shift).toBeCloseTo(truth[label]?.shift ?? 0, 1);
  });
});

test.each([
  ["has it", WHOLE],
  ["lacks it", 0],
])("where every question surely %s, levels stay numbers", (_what, share) => {
  const { margins, shares, labels } = sample(50);
  for (const { factor, shift } of fitLevels({ margins, shares: shares.fill(share), labels }, calibration)) {
    expect(factor).toBeGreaterThanOrEqual(0.5);
    expect(Number.isFinite(shift)).toBe(true);
  }
});
