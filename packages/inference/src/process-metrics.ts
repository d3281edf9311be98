import cluster, { type Worker } from "node:cluster";
import type { Logger } from "pino";
import { AggregatorRegistry, type Registry } from "prom-client";

interface MetricsWanted {
  readonly type: "metrics_wanted";
  readonly id: number;
}

interface MetricsTold {
  readonly type: "metrics_told";
  readonly id: number;
  /** Absent where a process didn't answer. */
  readonly text?: string;
}

/** For the supervisor: tells each process that asks the metrics of all of them, and its own. */
export function tellMetrics(own: Registry, log: Logger): void {
  const all = new AggregatorRegistry();
  const tell = async (worker: Worker, { id }: MetricsWanted) => {
    let told: MetricsTold = { type: "metrics_told", id };
    try {
      const texts = await Promise.all([all.clusterMetrics(), own.metrics()]);
      told = { ...told, text: texts.join("\n") };
    } catch (error) {
      log.warn({ err: error }, "a process told no metrics");
    }
    if (worker.isConnected()) worker.send(told);
  };
  cluster.on("message", (worker, message: object) => {
    if (isWanted(message)) void tell(worker, message);
  });
}

/** Lets the supervisor read this process's metrics. Returns what reads all processes' together, its own where that fails. */
export function shareMetrics(registry: Registry): () => Promise<string> {
  AggregatorRegistry.setRegistries([registry]);
  new AggregatorRegistry(); // hears the supervisor's questions
  const asked = new Map<number, (text: string | undefined) => void>();
  let lastId = 0;
  process.on("message", (message: object) => {
    if (!isTold(message)) return;
    asked.get(message.id)?.(message.text);
    asked.delete(message.id);
  });
  process.once("disconnect", () => {
    for (const tell of asked.values()) tell(undefined);
  });
  return async () => {
    if (!process.connected) return registry.metrics();
    const id = ++lastId;
    const text = await new Promise<string | undefined>((resolve) => {
      asked.set(id, resolve);
      process.send?.({ type: "metrics_wanted", id } satisfies MetricsWanted);
    });
    return text ?? registry.metrics();
  };
}

// prom-client sends messages of its own.
const isWanted = (message: object): message is MetricsWanted => "type" in message && message.type === "metrics_wanted";
const isTold = (message: object): message is MetricsTold => "type" in message && message.type === "metrics_told";
