import { describe, expect, it } from "vitest";
import { fitPower, pairedRatio, quantile, spreadOf } from "./statistics.ts";

describe("spreadOf", () => {
  it("finds the median of odd and even counts, whatever their order", () => {
    expect(spreadOf([3, 1, 20])).toEqual({ median: 3, least: 1, greatest: 20 });
    expect(spreadOf([4, 1, 2, 20])).toEqual({ median: 3, least: 1, greatest: 20 });
  });

  it("refuses to speak of nothing", () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe("pairedRatio", () => {
  it("compares within a round, so that a slow round of both changes nothing", () => {
    expect(pairedRatio([100, 10, 50], [50, 5, 25])).toEqual({ median: 2, least: 2, greatest: 2 });
  });

  it("refuses values without a partner", () => {
    expect(() => pairedRatio([1, 2], [1])).toThrow(/2 and 1/);
  });
});

describe("quantile", () => {
  it("gives the value that the share doesn't exceed", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0.5, 0.99, 1, 0].map((share) => quantile(hundred, share))).toEqual([50, 99, 100, 1]);
  });
});

describe("fitPower", () => {
  it.each([0, 1, 1.5, -0.5])("finds the exponent %d that made the points", (exponent) => {
    const points = [1, 10, 100, 5_000].map((x) => ({ x, y: 7 * x ** exponent }));
    const fit = fitPower(points);
    expect(fit.exponent).toBeCloseTo(exponent, 9);
    expect(fit.factor).toBeCloseTo(7, 9);
  });

  it("lies between points that no power goes through", () => {
    const { exponent } = fitPower([1, 10, 100].map((x, index) => ({ x, y: [1, 12, 90][index] ?? 0 })));
    expect(exponent).toBeGreaterThan(0.9);
    expect(exponent).toBeLessThan(1.05);
  });

  it("refuses points that no power can be told from", () => {
    expect(() => fitPower([{ x: 3, y: 1 }])).toThrow(RangeError);
    expect(() => fitPower([{ x: 0, y: 1 }, { x: 1, y: 1 }])).toThrow(RangeError); // prettier-ignore
  });
});
