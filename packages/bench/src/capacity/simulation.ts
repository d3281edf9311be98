import { quantile } from "../statistics.ts";
import type { AttackResult } from "./attack.ts";
import { periodMs } from "./cpu-limit.ts";

export interface TaskModel {
  /** Of the task: a fraction is a quota in each period, whole ones are processes side by side (`WORKERS`). */
  readonly cpus: number;
  /** CPU time that a request takes on average, in ms; it is exponentially distributed, the worst that a queue usually meets. */
  readonly requestMs: number;
}

interface Fleet {
  readonly task: TaskModel;
  readonly tasks: number;
}

/** As long as the service lets a request wait: QUEUE_MS. */
const longestWaitMs = 2_000;

/** A process of the service: one request after the other, in the quota that its control group has. */
class Server {
  readonly #quotaMs: number;
  #freeMs = 0;
  #period = 0;
  #usedMs = 0;

  constructor(cpus: number) {
    this.#quotaMs = cpus * periodMs;
  }

  /** When the answer is there; undefined when the request would wait for too long, and is refused. */
  answeredAt(arrivalMs: number, workMs: number): number | undefined {
    const startMs = Math.max(arrivalMs, this.#freeMs);
    if (startMs - arrivalMs > longestWaitMs) return undefined;
    this.#freeMs = this.#end(startMs, workMs);
    return this.#freeMs;
  }

  #end(startMs: number, workMs: number): number {
    let [nowMs, leftMs] = [startMs, workMs];
    for (;;) {
      const period = Math.floor(nowMs / periodMs);
      if (period !== this.#period) [this.#period, this.#usedMs] = [period, 0];
      const nextMs = (period + 1) * periodMs;
      const roomMs = Math.min(this.#quotaMs - this.#usedMs, nextMs - nowMs);
      const doneMs = Math.min(leftMs, roomMs);
      this.#usedMs += doneMs;
      leftMs -= doneMs;
      if (leftMs <= 0) return nowMs + doneMs;
      nowMs = nextMs;
    }
  }
}

/**
 * Discrete events: requests arrive at random (Poisson), the balancer gives each to the next process in turn, and each
 * process is a queue. `random` gives numbers from 0 to 1.
 */
export function simulate(
  { task, tasks }: Fleet,
  load: { readonly perSecond: number; readonly requests: number },
  random: () => number,
): AttackResult {
  const processes = Math.max(1, Math.floor(task.cpus));
  const servers = Array.from({ length: tasks * processes }, () => new Server(Math.min(1, task.cpus)));
  const exponential = (mean: number) => -Math.log(1 - random()) * mean;
  const tookMs: number[] = [];
  let nowMs = 0;
  for (let at = 0; at < load.requests; at++) {
    nowMs += exponential(1_000 / load.perSecond);
    const answeredMs = servers[at % servers.length]?.answeredAt(nowMs, exponential(task.requestMs));
    if (answeredMs !== undefined) tookMs.push(answeredMs - nowMs);
  }
  return {
    sentPerSecond: load.perSecond,
    p50Ms: quantile(tookMs, 0.5),
    p99Ms: quantile(tookMs, 0.99),
    success: tookMs.length / load.requests,
  };
}
