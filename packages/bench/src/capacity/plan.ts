import { randomOf } from "@tagsmith/training/random";
import { type TaskModel, simulate } from "./simulation.ts";

/** List prices in US dollars in us-east-1, on demand, as they were known in November 2026 (docs/deploy.md). */
const price = {
  cpuHour: 0.04048,
  gigabyteHour: 0.004445,
  balancerHour: 0.0225,
  balancerUnitHour: 0.008,
  firewallMillion: 0.6,
};
const gigabytesForEachCpu = 2;
const monthHours = 730;
/** One unit of the balancer: bytes an hour, new connections a second. Connections are kept for a hundred requests. */
const unit = { bytesAnHour: 1e9, connectionsPerSecond: 25 };
const requestsOfConnection = 100;
/** A prediction's request and answer with their headers. */
const requestBytes = 2_500;

/** The load on a task at which another one is started: with two zones, one of which may fail, no more than half. */
export const utilisation = 0.5;
export const zones = 2;

export const rates = [10, 100, 1_000, 10_000, 100_000] as const;

export interface PlanRow {
  readonly perSecond: number;
  readonly tasks: number;
  /** Of what the tasks can do. */
  readonly load: number;
  readonly p99Ms: number;
  /** With the tasks of one zone gone; the share that is answered then. */
  readonly zoneLost: { readonly p99Ms: number; readonly success: number };
  readonly dollarsAMonth: { readonly tasks: number; readonly balancer: number; readonly firewall: number };
  readonly dollarsAMillion: number;
}

interface Sized {
  readonly task: TaskModel;
  /** Requests a second that one task was measured to keep its promise at. */
  readonly perTask: number;
}

/** What so many requests a second need, and how the fleet answers them with and without one of its zones. */
export function plan(perSecond: number, { task, perTask }: Sized): PlanRow {
  const tasks = Math.max(zones, zones * Math.ceil(perSecond / (perTask * utilisation * zones)));
  const load = { perSecond, requests: Math.min(1_000_000, Math.max(20_000, perSecond * 10)) };
  const random = randomOf(perSecond);
  const whole = simulate({ task, tasks }, load, random);
  const half = simulate({ task, tasks: tasks / zones }, load, random);
  const gigabytes = Math.max(0.5, task.cpus * gigabytesForEachCpu);
  const taskHour = task.cpus * price.cpuHour + gigabytes * price.gigabyteHour;
  const units = Math.max(
    (perSecond * 3_600 * requestBytes) / unit.bytesAnHour,
    perSecond / requestsOfConnection / unit.connectionsPerSecond,
  );
  const millionsAMonth = (perSecond * 3_600 * monthHours) / 1e6;
  const dollarsAMonth = {
    tasks: tasks * taskHour * monthHours,
    balancer: (price.balancerHour + units * price.balancerUnitHour) * monthHours,
    firewall: millionsAMonth * price.firewallMillion,
  };
  return {
    perSecond,
    tasks,
    load: perSecond / (tasks * perTask),
    p99Ms: whole.p99Ms,
    zoneLost: half,
    dollarsAMonth,
    dollarsAMillion: dollarsAMonth.tasks / millionsAMonth,
  };
}
