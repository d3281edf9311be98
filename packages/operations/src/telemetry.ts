import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { EmfReporter } from "./emf.ts";
import { createLog, logProcess } from "./log.ts";
import type { TelemetrySettings } from "./settings.ts";
import { Tracing } from "./tracing.ts";

/** What a process tells of itself: its log, its traces and, on AWS, its metrics. */
export interface Telemetry {
  readonly log: Logger;
  readonly tracing: Tracing;
  /** Metrics from now on, where somebody reads them from standard output. */
  readonly report: (registry: Registry) => void;
  /** Resolves when the last spans and counts have been told, or can't be. */
  readonly close: () => Promise<void>;
  /** Ends the process once the log is written. */
  readonly exit: (code: number) => never;
}

/** From now on nothing but JSON comes to standard output, whatever happens. */
export async function openTelemetry({ logLevel, stage, tracing: settings }: TelemetrySettings): Promise<Telemetry> {
  const { log, write, flush } = createLog(logLevel);
  const exit = (code: number): never => {
    flush();
    process.exit(code);
  };
  logProcess(log, exit);
  const tracing = await Tracing.open(settings, log);
  let reporter: EmfReporter | undefined;
  return {
    log,
    tracing,
    report: (registry) => {
      const onError = (error: unknown) => log.warn({ err: error }, "metrics not reported");
      if (stage !== undefined) reporter = new EmfReporter({ registry, stage, write, onError });
    },
    close: async () => {
      await Promise.all([reporter?.close(), tracing.close()]);
    },
    exit,
  };
}
