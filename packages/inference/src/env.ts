import { bucketName, describeVariables, given, httpUrl } from "@tagsmith/model-bundle/environment";
import { storeOptions, type StoreOptions } from "@tagsmith/model-bundle/store-options";
import { telemetryOf, telemetryVariables, type TelemetrySettings } from "@tagsmith/operations/settings";
import { availableParallelism } from "node:os";
import * as z from "zod";

const count = (fallback: number) => z.coerce.number().int().min(1).max(100_000).default(fallback);

const schema = z.object({
  HOST: z.string().min(1).default("0.0.0.0"),
  /** 0 lets the system choose. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  MODEL_BUCKET: bucketName,
  /** Another S3 server than AWS. */
  AWS_ENDPOINT_URL: httpUrl.optional(),
  AWS_REGION: z.string().min(1).optional(),
  /** How often to look for a model that has been promoted. */
  WATCH_MS: count(15_000),
  /** Where models are put, if not into the system's folder for temporary files. */
  MODEL_FOLDER: z.string().min(1).optional(),
  ...telemetryVariables,
  /** Processes, each a whole service; the supervisor shares the connections out. */
  WORKERS: count(1),
  /** Threads of a heavy model: the task's cores, not the host's. A cheap one has a thread where there may be two or more. */
  MODEL_WORKERS: z.coerce.number().int().min(1).max(100_000).optional(),
  /** Requests that may wait for the model; more are refused at once. */
  QUEUE_REQUESTS: count(256),
  /** How long a request may wait for the model before it is refused. */
  QUEUE_MS: count(2_000),
  /** How long to go on answering after SIGTERM, so that balancers see that the service is leaving. */
  DRAIN_MS: z.coerce.number().int().min(0).max(100_000).default(1_000),
  /** How long clients may take then, before their connections are cut: both are less than the task's stopTimeout. */
  DRAIN_LIMIT_MS: count(45_000),
});

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly store: StoreOptions;
  readonly watchMs: number;
  readonly modelFolder: string | undefined;
  readonly telemetry: TelemetrySettings;
  readonly processes: number;
  readonly workers: number;
  readonly queue: { readonly requests: number; readonly deadlineMs: number };
  readonly drainMs: number;
  readonly drainLimitMs: number;
}

/** The service's settings. Throws one Error that names every bad variable. */
export function readConfig(variables: Readonly<Record<string, string | undefined>> = process.env): Config {
  const set = given(variables);
  const result = schema.safeParse(set);
  if (!result.success) throw new Error(describeVariables(result.error));
  const env = result.data;
  return Object.freeze({
    host: env.HOST,
    port: env.PORT,
    store: storeOptions(env.MODEL_BUCKET, set),
    watchMs: env.WATCH_MS,
    modelFolder: env.MODEL_FOLDER,
    telemetry: telemetryOf(env, "inference"),
    processes: env.WORKERS,
    workers: env.MODEL_WORKERS ?? Math.max(1, Math.floor(availableParallelism() / env.WORKERS)),
    queue: { requests: env.QUEUE_REQUESTS, deadlineMs: env.QUEUE_MS },
    drainMs: env.DRAIN_MS,
    drainLimitMs: env.DRAIN_LIMIT_MS,
  });
}

/**
 * Call before the first model is loaded, on the main thread: threads have copies of the environment, which onnxruntime
 * doesn't see. Unless told so, it reports to its makers from 1.29 on, and keeps a database in the home folder for that.
 */
export function silenceTelemetry(): void {
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
}
