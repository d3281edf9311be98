import { expect, it } from "vitest";
import { percent } from "./percent.ts";

it.each([
  [0, "0 %"],
  [0.000_1, "< 1 %"],
  [0.009_9, "< 1 %"],
  [0.01, "1 %"],
  [0.555, "56 %"],
  [0.99, "99 %"],
  [0.990_1, "> 99 %"],
  [0.999_99, "> 99 %"],
  [1, "100 %"],
])("a share of %d is no more certain than it is: %s", (share, text) => {
  expect(percent(share)).toBe(text);
});
