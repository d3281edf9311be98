import { svg } from "@tagsmith/training/charts";
import { randomOf } from "@tagsmith/training/random";
import { markdown, significant } from "../document.ts";
import { highestRate, promise } from "./highest-rate.ts";
import type { Point } from "./measure.ts";
import { plan, type PlanRow, rates, utilisation, zones } from "./plan.ts";
import { simulate } from "./simulation.ts";
import { spike } from "./spike.ts";

export interface CapacityReport {
  readonly machine: string;
  readonly node: string;
  readonly commit: string;
  readonly at: string;
  readonly questions: string;
  /** Of each load. */
  readonly seconds: number;
  readonly points: readonly Point[];
}

const factors = [1.5, 2, 3, 5, 10];
const maxTasksPerTask = 5;

/** The tables of docs/capacity.md. */
export async function tables(report: CapacityReport): Promise<Record<"run" | "points" | "plan" | "spike", string>> {
  const { machine, node, commit, at, seconds, questions, points } = report;
  return {
    run: `${machine}; Node ${node}; commit ${commit}; ${at.slice(0, 16).replace("T", " ")}. Each rate for ${seconds} s; ${questions}.`,
    points: pointsTable(points, await simulated(points)),
    plan: planTable(rates.map((rate) => plan(rate, sized(points)))),
    spike: spikeTable(),
  };
}

/** What one task of a whole vCPU can do: the size that prod has. */
function sized(points: readonly Point[]) {
  const point = points.find(({ service, cpus }) => service === "inference" && cpus === 1);
  if (!point) throw new Error("The inference service at 1 vCPU has not been measured: the plan is made of that.");
  return { task: point, perTask: point.perSecond };
}

/** Of each inference point: what the simulation says, which knows nothing of it but a request's CPU time. */
async function simulated(points: readonly Point[]): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>();
  for (const { cpus, requestMs } of points.filter(({ service }) => service === "inference")) {
    const fleet = { task: { cpus, requestMs }, tasks: 1 };
    const { perSecond } = await highestRate(100 * cpus, (rate) =>
      Promise.resolve(simulate(fleet, { perSecond: rate, requests: rate * 10 }, randomOf(1))),
    );
    found.set(cpus, perSecond);
  }
  return found;
}

function pointsTable(points: readonly Point[], expected: ReadonlyMap<number, number>): string {
  const rows = points.map(({ service, cpus, perSecond, p50Ms, p99Ms, requestMs, throttled }) => {
    const simulation = service === "inference" ? expected.get(cpus) : undefined;
    return [
      service,
      String(cpus),
      String(perSecond),
      simulation === undefined ? "" : `${simulation} (${significant(simulation / perSecond)} ×)`,
      significant(p50Ms),
      significant(p99Ms),
      significant(requestMs),
      `${Math.round(throttled * 100)} %`,
    ];
  });
  const head = ["Service", "vCPU", `requests/s at p99 < ${promise.p99Ms} ms`, "simulated", "p50 ms", "p99 ms", "CPU ms a request", "throttled"]; // prettier-ignore
  return markdown(head, rows);
}

function planTable(rows: readonly PlanRow[]): string {
  const dollars = (value: number) => Math.round(value).toLocaleString("en");
  return markdown(
    ["requests/s", "tasks", "load", "p99 ms", "a zone lost: p99 ms", "answered", "tasks $/month", "balancer", "firewall", "tasks, $ a million"], // prettier-ignore
    rows.map(({ perSecond, tasks, load, p99Ms, zoneLost, dollarsAMonth, dollarsAMillion }) => [
      perSecond.toLocaleString("en"),
      String(tasks),
      `${Math.round(load * 100)} %`,
      significant(p99Ms),
      significant(zoneLost.p99Ms),
      `${(zoneLost.success * 100).toFixed(2)} %`,
      dollars(dollarsAMonth.tasks),
      dollars(dollarsAMonth.balancer),
      dollars(dollarsAMonth.firewall),
      significant(dollarsAMillion),
    ]),
  );
}

function spikeTable(): string {
  const fleet = { tasks: 10 * zones, load: utilisation, maxTasks: 10 * zones * maxTasksPerTask };
  const rows = factors.map((factor) => {
    const { refusedSeconds, refusedShare, tasksAfter } = spike({ ...fleet, factor });
    return [`${factor} ×`, `${refusedSeconds} s`, `${(refusedShare * 100).toFixed(1)} %`, `${tasksAfter}`];
  });
  return markdown(
    ["requests grow", "refused (429) for", "of ten minutes' requests", `tasks, from ${fleet.tasks}`],
    rows,
  );
}

/** Requests a second against vCPUs, measured and simulated, as SVG. */
export async function capacityChart(points: readonly Point[]): Promise<string> {
  const inference = points.filter(({ service }) => service === "inference");
  const expected = await simulated(points);
  const values = inference.flatMap(({ cpus, perSecond }) => [
    { cpus, perSecond, name: "measured" },
    { cpus, perSecond: expected.get(cpus), name: "simulated" },
  ]);
  return svg({
    data: { values },
    width: 420,
    height: 260,
    mark: { type: "line", point: true },
    encoding: {
      x: { field: "cpus", type: "quantitative", title: "vCPU of the task" },
      y: { field: "perSecond", type: "quantitative", title: `requests/s at p99 < ${promise.p99Ms} ms` },
      color: { field: "name", type: "nominal", title: null, scale: { range: ["#3b82c4", "#d97706"] } },
      strokeDash: { field: "name", type: "nominal", legend: null },
    },
  });
}
