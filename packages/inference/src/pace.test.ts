import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pace } from "./pace.ts";

describe("a pace", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("lets so many through at once, and the others in their order, as many in each interval", async () => {
    const pace = new Pace({ each: 2, intervalMs: 10 });
    const passed: number[] = [];
    for (let n = 0; n < 5; n++) void pace.turn({}).then(() => passed.push(n));
    await vi.advanceTimersByTimeAsync(0);
    expect(passed).toEqual([0, 1]);
    await vi.advanceTimersByTimeAsync(10);
    expect(passed).toEqual([0, 1, 2, 3]);
    await vi.advanceTimersByTimeAsync(10);
    expect(passed).toEqual([0, 1, 2, 3, 4]);
  });

  it("stops its clock when nobody has come for a while", async () => {
    const pace = new Pace({ each: 1, intervalMs: 10 });
    await pace.turn({});
    await vi.advanceTimersByTimeAsync(20);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("forgets who has gone, and keeps no place for them", async () => {
    const pace = new Pace({ each: 1, intervalMs: 10 });
    const client = new AbortController();
    await pace.turn({});
    const gone = expect(pace.turn({ signal: client.signal })).rejects.toThrow("gone");
    const next = pace.turn({});
    client.abort(new Error("gone"));
    await gone;
    await vi.advanceTimersByTimeAsync(10);
    await expect(next).resolves.toBeUndefined();
    expect(pace.waiting).toBe(0);
  });
});
