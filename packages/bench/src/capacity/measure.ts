import { join } from "node:path";
import type { Loading } from "../bench.ts";
import { cpuSecondsOf } from "../memory.ts";
import { shippedBucket } from "../store.ts";
import { startService, startWeb, type System } from "../systems.ts";
import { attack, type Target, writeTargets } from "./attack.ts";
import { CpuLimit } from "./cpu-limit.ts";
import { type Capacity, highestRate } from "./highest-rate.ts";

export type ServiceName = "inference" | "web";

/** What a task of so many vCPUs can do. */
export interface Point extends Capacity {
  readonly service: ServiceName;
  readonly cpus: number;
  /** CPU time of a request near that rate, in ms. */
  readonly requestMs: number;
  /** The share of scheduling periods in which the task had used up its CPU. */
  readonly throttled: number;
}

/** As Fargate sells them; the web service is one process. */
export const sizes = [
  ...[0.25, 0.5, 1, 2].map((cpus) => ({ service: "inference" as const, cpus })),
  ...[0.25, 0.5, 1].map((cpus) => ({ service: "web" as const, cpus })),
];

/** Far below what a task can do: where the search begins, for each whole vCPU. */
const firstRate: Readonly<Record<ServiceName, number>> = { inference: 800, web: 40 };
const warmUpSeconds = 3;

/** Loads one service within a limit of CPU, at its own pace, until its promise breaks. */
export async function measure(bench: Loading, { service, cpus }: (typeof sizes)[number]): Promise<Point> {
  const limit = CpuLimit.create(`tagsmith-capacity-${process.pid}`, cpus);
  const systems: System[] = [];
  const within = { around: (command: Parameters<CpuLimit["around"]>[0]) => limit.around(command) };
  try {
    const variables = { WORKERS: String(Math.max(1, Math.floor(cpus))), MODEL_WORKERS: "1" };
    const inference = service === "inference" ? { variables, ...within } : {};
    systems.push(await startService(bench, { bucket: shippedBucket, ...inference }));
    if (service === "web") systems.push(await startWeb(bench, { inferenceUrl: systems[0]?.url ?? "", ...within }));
    const system = systems.at(-1);
    if (!system) throw new Error("nothing was started");
    const targets = join(bench.folder, `${service}-${cpus}.targets`);
    await writeTargets(targets, service === "web" ? pages(system.url) : predictions(bench, system.url));
    return await search(bench, { system, targets, service, cpus, limit });
  } finally {
    for (const system of systems.toReversed()) await system.stop();
    limit.remove();
  }
}

interface Search {
  readonly system: System;
  readonly targets: string;
  readonly service: ServiceName;
  readonly cpus: number;
  readonly limit: CpuLimit;
}

async function search(bench: Loading, { system, targets, service, cpus, limit }: Search): Promise<Point> {
  const start = firstRate[service] * cpus;
  await attack(bench.children, { targets, perSecond: start, seconds: warmUpSeconds });
  let requestMs = Number.NaN;
  const capacity = await highestRate(start, async (perSecond) => {
    bench.step(`${service}, ${cpus} vCPU: ${Math.round(perSecond)} requests/s`);
    const before = cpuSecondsOf(system.pid);
    const result = await attack(bench.children, { targets, perSecond, seconds: bench.seconds });
    const usedMs = (cpuSecondsOf(system.pid) - before) * 1_000;
    if (result.success === 1) requestMs = usedMs / (perSecond * bench.seconds);
    return result;
  });
  return { service, cpus, ...capacity, requestMs, throttled: limit.throttledShare() };
}

const predictions = ({ questions }: Loading, url: string): Target[] =>
  questions.list.map((question) => ({ method: "POST", url: `${url}/api/v1/predict`, body: JSON.stringify(question) }));

/** The page that most visitors open; its suggestions are counted by the inference service. */
const pages = (url: string): Target[] => [{ method: "GET", url: `${url}/` }];
