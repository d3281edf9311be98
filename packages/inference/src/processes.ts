import cluster from "node:cluster";
import type { Logger } from "pino";
import { Counter, Gauge, Registry } from "prom-client";
import { Backoff, type RetryOptions } from "./backoff.ts";
import { tellMetrics } from "./process-metrics.ts";

/** A process that dies again and again is started again less and less often; one that lived for `maxMs` has not. */
const restart: RetryOptions = { firstMs: 200, maxMs: 30_000 };

export const isSupervisor = cluster.isPrimary;

/**
 * The process that starts the others, each a whole service at the same address, and starts those that die again. It ends
 * when all have ended: `exit` is called with 0 if they did so in order.
 */
export class Supervisor {
  readonly #log: Logger;
  readonly #exit: (code: number) => void;
  readonly registry = new Registry();
  readonly #restarts = new Counter({
    name: "tagsmith_process_restarts_total",
    help: "Processes that died and were started again.",
    registers: [this.registry],
  });
  readonly #listening = new Gauge({
    name: "tagsmith_processes_listening",
    help: "Processes that answer.",
    registers: [this.registry],
  });
  readonly #waiting = new Set<NodeJS.Timeout>();
  /** Counted here: the cluster forgets a process only when its channel has closed too, which may be later than its exit. */
  #running = 0;
  #hasListened = false;
  #isEnding = false;
  #code = 0;

  constructor(count: number, log: Logger, exit: (code: number) => void) {
    this.#log = log;
    this.#exit = exit;
    tellMetrics(this.registry, log);
    for (let seat = 0; seat < count; seat++) this.#start(new Backoff(restart));
  }

  /** Ends all in order, and when called once more at once. */
  end(): void {
    const signal = this.#isEnding ? "SIGKILL" : "SIGTERM";
    if (this.#isEnding) this.#code = 1;
    this.#isEnding = true;
    for (const timer of this.#waiting) clearTimeout(timer);
    for (const worker of workers()) worker.process.kill(signal);
    this.#exitIfAlone();
  }

  #start(backoff: Backoff): void {
    const worker = cluster.fork();
    this.#running++;
    const { pid } = worker.process;
    const startMs = performance.now();
    let hasListened = false;
    worker.once("listening", () => {
      this.#hasListened = hasListened = true;
      this.#listening.inc();
    });
    worker.on("error", (error: Error) => {
      if (pid === undefined) throw error; // it could not be started, and no exit will be told
      this.#log.warn({ pid, err: error }, "process not told: it has ended");
    });
    worker.once("exit", (code: number | null, signal: string | null) => {
      this.#running--;
      if (hasListened) this.#listening.dec();
      const wasStarting = this.#isEnding && !hasListened && signal === "SIGTERM";
      if (this.#isEnding) {
        if (code !== 0 && !wasStarting) this.#code = 1;
        this.#exitIfAlone();
      } else if (!this.#hasListened) {
        this.#code = 1; // none has ever listened: the fault is the settings'
        this.end();
      } else {
        if (performance.now() - startMs > restart.maxMs) backoff.reset();
        const retryInMs = backoff.next();
        this.#log.error({ pid, code, signal, retry_in_ms: retryInMs }, "process died");
        this.#restarts.inc();
        this.#startLater(backoff, retryInMs);
      }
    });
  }

  #startLater(backoff: Backoff, waitMs: number): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#start(backoff);
    }, waitMs);
    this.#waiting.add(timer);
  }

  #exitIfAlone(): void {
    if (this.#running === 0) this.#exit(this.#code);
  }
}

/** Calls `end` when the supervisor is gone, instead of exiting at once, as Node would. */
export function onOrphaned(end: () => void): void {
  const { worker } = cluster;
  worker?.on("disconnect", () => {
    worker.exitedAfterDisconnect = true;
    end();
  });
}

const workers = () => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
