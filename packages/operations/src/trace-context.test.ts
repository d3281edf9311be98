import { describe, expect, it } from "vitest";
import { isKept, newSpanId, newTraceId, parseTraceparent, toTraceparent } from "./trace-context.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

describe("a traceparent", () => {
  it("is read as W3C writes it, and written as it was read", () => {
    for (const [flags, isSampled] of [
      ["00", false],
      ["01", true],
    ] as const) {
      const header = `00-${traceId}-${spanId}-${flags}`;
      expect(parseTraceparent(header)).toEqual({ traceId, spanId, isSampled });
      expect(toTraceparent({ traceId, spanId, isSampled })).toBe(header);
    }
  });

  it("may have flags that nobody knows yet, and in a later version more at its end", () => {
    expect(parseTraceparent(`00-${traceId}-${spanId}-03`)).toMatchObject({ isSampled: true });
    expect(parseTraceparent(`01-${traceId}-${spanId}-00-more`)).toEqual({ traceId, spanId, isSampled: false });
  });

  it.each([
    "",
    "nonsense",
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId}0-${spanId}-01`,
    ` 00-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01\n`,
    `00-${traceId}-${spanId}-0g`,
  ])("that is none is not taken for one: %j", (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

it("new ids are such as others take", () => {
  const header = toTraceparent({ traceId: newTraceId(), spanId: newSpanId(), isSampled: true });
  expect(parseTraceparent(header)).toBeDefined();
  expect(newTraceId()).not.toBe(newTraceId());
});

it("a share of 5 % keeps 5 % of new traces, of 0 none, of 1 all, and always the same ones", () => {
  const ids = Array.from({ length: 20_000 }, newTraceId);
  const keptOf = (share: number) => ids.filter((id) => isKept(id, share));
  expect(keptOf(0.05).length / ids.length).toBeCloseTo(0.05, 1);
  expect(keptOf(0.05).length).toBeGreaterThan(0);
  expect(keptOf(0.05).every((id) => isKept(id, 0.06))).toBe(true);
  expect(keptOf(0)).toEqual([]);
  expect(keptOf(1)).toEqual(ids);
});
