import { expect, it } from "vitest";
import { plan, rates } from "./plan.ts";
import { spike } from "./spike.ts";

const sized = { task: { cpus: 1, requestMs: 0.2 }, perTask: 4_500 };

it.each(rates)("%i requests a second are all answered in time, also with a zone gone", (perSecond) => {
  const { tasks, load, p99Ms, zoneLost } = plan(perSecond, sized);
  expect(tasks).toBeGreaterThanOrEqual(2);
  expect(load).toBeLessThanOrEqual(0.5);
  expect(p99Ms).toBeLessThan(100);
  expect(zoneLost.p99Ms).toBeLessThan(100);
  expect(zoneLost.success).toBe(1);
});

it("a prediction costs less where more are made, down to what a task at half load costs", () => {
  const costs = rates.map((rate) => plan(rate, sized).dollarsAMillion);
  expect(costs).toEqual(costs.toSorted((a, b) => b - a));
  const [taskHour, halfAnHoursMillions] = [0.04048 + 2 * 0.004445, (0.5 * 4_500 * 3_600) / 1e6];
  expect(costs.at(-1)).toBeCloseTo(taskHour / halfAnHoursMillions, 3);
});

it("twice the requests refuse nothing; more are refused until tasks have come, and no more than allowed come", () => {
  const fleet = { tasks: 20, load: 0.5, maxTasks: 100 };
  expect(spike({ ...fleet, factor: 2 })).toMatchObject({ refusedSeconds: 0, tasksAfter: 40 });
  const five = spike({ ...fleet, factor: 5 });
  expect(five.refusedSeconds).toBeGreaterThan(180);
  expect(five.refusedSeconds).toBeLessThan(300);
  expect(five.tasksAfter).toBe(100);
  const twenty = spike({ ...fleet, factor: 20 });
  expect(twenty).toMatchObject({ tasksAfter: 100, refusedSeconds: 600 });
});
