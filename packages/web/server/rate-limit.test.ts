import { expect, it } from "vitest";
import { RateLimit } from "./rate-limit.ts";

const take = async (limiter: RateLimit, address: string, times: number) => {
  const waits = [];
  for (let count = 0; count < times; count++) waits.push(await limiter.take(address));
  return waits;
};

it("an address that fails too often waits, and is told how long; others don't", async () => {
  const limiter = new RateLimit({ ofOneAddress: 2, ofAll: 10, windowSeconds: 900 });
  const [first, second, third = 0] = await take(limiter, "192.0.2.1", 3);
  expect([first, second]).toEqual([0, 0]);
  expect(third).toBeGreaterThan(14 * 60);
  expect(third).toBeLessThanOrEqual(15 * 60);
  expect(await limiter.take("192.0.2.2")).toBe(0);
});

it("many addresses together have a limit, too", async () => {
  const limiter = new RateLimit({ ofOneAddress: 5, ofAll: 3, windowSeconds: 900 });
  const waits = await Promise.all(["a", "b", "c", "d"].map((address) => limiter.take(address)));
  expect(waits.filter((seconds) => seconds > 0)).toHaveLength(1);
});

it("tries at the same moment are counted one by one", async () => {
  const limiter = new RateLimit({ ofOneAddress: 3, ofAll: 100, windowSeconds: 900 });
  const waits = await Promise.all(Array.from({ length: 20 }, () => limiter.take("192.0.2.1")));
  expect(waits.filter((seconds) => seconds === 0)).toHaveLength(3);
});

it("whoever signs in begins anew, and takes nothing from others", async () => {
  const limiter = new RateLimit({ ofOneAddress: 2, ofAll: 2, windowSeconds: 900 });
  for (let count = 0; count < 5; count++) {
    expect(await limiter.take("192.0.2.1")).toBe(0);
    await limiter.forgive("192.0.2.1");
  }
});

it("whoever is known takes nothing of what all share, and gives nothing back to it", async () => {
  const limiter = new RateLimit({ ofOneAddress: 5, ofAll: 1, windowSeconds: 900 });
  expect(await limiter.take("a")).toBe(0);
  expect(await limiter.take("known", true)).toBe(0);
  await limiter.forgive("known", true);
  expect(await limiter.take("b")).toBeGreaterThan(0);
});
