import { expect, it } from "vitest";
import { randomOf } from "@tagsmith/training/random";
import { highestRate } from "./highest-rate.ts";
import { simulate } from "./simulation.ts";

const requests = 200_000;
const one = { task: { cpus: 1, requestMs: 1 }, tasks: 1 };

it("one process answers as the theory of a queue with one server says", () => {
  const { p50Ms, p99Ms } = simulate(one, { perSecond: 500, requests }, randomOf(1));
  // M/M/1 at half load: the time in the system is exponential with mean 1 / (1 - 0.5) ms.
  expect(p50Ms).toBeCloseTo(2 * Math.log(2), 1);
  expect(p99Ms / (2 * Math.log(100))).toBeCloseTo(1, 1);
});

it("a fraction of a CPU is fast until its quota is used, and then waits for the next period", () => {
  const quarter = { task: { cpus: 0.25, requestMs: 1 }, tasks: 1 };
  const calm = simulate(quarter, { perSecond: 100, requests }, randomOf(2));
  expect(calm.p99Ms).toBeLessThan(10);
  const busy = simulate(quarter, { perSecond: 245, requests }, randomOf(2));
  expect(busy.p99Ms).toBeGreaterThan(75);
});

it("past its capacity a task refuses what would wait too long, and answers the rest", () => {
  const { success, p99Ms } = simulate(one, { perSecond: 2_000, requests }, randomOf(3));
  expect(success).toBeCloseTo(0.5, 1);
  expect(p99Ms).toBeLessThan(2_100);
});

it("capacity grows with CPUs and tasks, and the search finds it", async () => {
  const capacity = async (cpus: number, tasks: number) => {
    const fleet = { task: { cpus, requestMs: 1 }, tasks };
    const found = await highestRate(50, (perSecond) =>
      Promise.resolve(simulate(fleet, { perSecond, requests: perSecond * 20 }, randomOf(4))),
    );
    return found.perSecond;
  };
  expect((await capacity(1, 1)) / 1_000).toBeCloseTo(0.95, 1);
  expect((await capacity(2, 1)) / 2_000).toBeCloseTo(0.95, 1);
  expect((await capacity(1, 4)) / 4_000).toBeCloseTo(0.95, 1);
  expect((await capacity(0.25, 1)) / 250).toBeLessThan(1);
});
