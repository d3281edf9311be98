import * as z from "zod";
import type { TracingSettings } from "./tracing.ts";

/** What each program reads of the environment beside its own variables. */
export const telemetryVariables = {
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** Set on AWS, where CloudWatch reads the metrics from standard output. */
  STAGE: z.string().min(1).optional(),
  /** Where traces go; without it there are none. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** The share of traces that is kept. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_SERVICE_NAME: z.string().min(1).optional(),
};

type Variables = z.infer<z.ZodObject<typeof telemetryVariables>>;

export interface TelemetrySettings {
  readonly logLevel: Variables["LOG_LEVEL"];
  readonly stage: string | undefined;
  readonly tracing: TracingSettings | undefined;
}

export function telemetryOf(env: Variables, program: string): TelemetrySettings {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName = `tagsmith-${program}` } = env;
  return {
    logLevel: env.LOG_LEVEL,
    stage: env.STAGE,
    tracing: endpoint
      ? {
          // eslint-disable-next-line regexp/no-super-linear-move -- it reads the settings of whoever starts it
          endpoint: endpoint.replace(/\/+$/, ""),
          share: env.OTEL_TRACES_SAMPLER_ARG,
          serviceName,
        }
      : undefined,
  };
}
