import { tmpdir } from "node:os";
import { storeOptions, type StoreOptions } from "@tagsmith/model-bundle/store-options";
import { z } from "zod";

const httpUrl = z
  .url({ protocol: /^https?$/, error: "is not an http address" })
  .transform((url) => url.replace(/\/+$/, ""));

const schema = z.object({
  HOST: z.string().min(1).default("0.0.0.0"),
  /** 0 lets the system choose. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Where this server reaches the inference service. */
  INFERENCE_URL: httpUrl.default("http://127.0.0.1:8080"),
  /** Where a browser reaches the inference service, if not at this site's own origin. */
  PUBLIC_API_URL: httpUrl.optional(),
  /** Where files of questions lie while they are tagged. */
  UPLOAD_FOLDER: z.string().min(1).default(tmpdir()),
  /** The bucket that keeps feedback; without one, none is asked for. */
  FEEDBACK_BUCKET: z.string().min(1).optional(),
  /** Another S3 server than AWS. */
  AWS_ENDPOINT_URL: z.url().optional(),
  AWS_REGION: z.string().min(1).optional(),
  /** Balancers in front: so many of the last addresses in X-Forwarded-For were written by them, not by the client. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
});

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly inferenceUrl: string;
  /** Empty where the API is at this site's own origin. */
  readonly apiUrl: string;
  readonly uploadFolder: string;
  readonly feedbackStore: StoreOptions | undefined;
  readonly trustedProxies: number;
}

/** The server's settings. Throws one Error that names every bad variable. */
export function readConfig(variables: NodeJS.Dict<string> = process.env): Config {
  // Task definitions and .env files write an unset variable as an empty one.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (!result.success) {
    throw new Error(result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"));
  }
  const env = result.data;
  return Object.freeze({
    host: env.HOST,
    port: env.PORT,
    inferenceUrl: env.INFERENCE_URL,
    apiUrl: env.PUBLIC_API_URL ?? "",
    uploadFolder: env.UPLOAD_FOLDER,
    feedbackStore: env.FEEDBACK_BUCKET === undefined ? undefined : storeOptions(env.FEEDBACK_BUCKET, given),
    trustedProxies: env.TRUSTED_PROXIES,
  });
}
