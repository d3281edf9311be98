import { tmpdir } from "node:os";
import { bucketName, describeVariables, given, httpUrl } from "@tagsmith/model-bundle/environment";
import { storeOptions, type StoreOptions } from "@tagsmith/model-bundle/store-options";
import { telemetryOf, telemetryVariables, type TelemetrySettings } from "@tagsmith/operations/settings";
import * as z from "zod";
import type { MetricNames } from "./dashboard/cloudwatch-queries.ts";
import type { SecretNames } from "./dashboard/password-source.ts";
import { isPasswordHash } from "./dashboard/password.ts";

// eslint-disable-next-line regexp/no-super-linear-move -- it reads the settings of whoever starts it
const baseUrl = httpUrl.transform((url) => url.replace(/\/+$/, ""));

const name = z.string().min(1).optional();

const schema = z.object({
  HOST: z.string().min(1).default("0.0.0.0"),
  /** 0 lets the system choose. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  ...telemetryVariables,
  /** Where this server reaches the inference service. */
  INFERENCE_URL: baseUrl.default("http://127.0.0.1:8080"),
  /** Where a browser reaches the inference service, if not at this site's own origin. */
  PUBLIC_API_URL: baseUrl.optional(),
  /** Balancers in front: so many of the last addresses in X-Forwarded-For were written by them, not by the client. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** What `npm run password` prints. Without it, and without SST's secret of that name, there is no dashboard. */
  ADMIN_PASSWORD_HASH: z.string().refine(isPasswordHash, "is not what `npm run password` prints").optional(),
  /** Set where SST's secret is bound; it is read from the Parameter Store, and may change meanwhile. */
  SST_Secret_value_ADMIN_PASSWORD_HASH: name,
  SST_APP: name,
  SST_STAGE: name,
  SST_SSM_PREFIX: name,
  /** Where files of questions lie while they are tagged. */
  UPLOAD_FOLDER: z.string().min(1).default(tmpdir()),
  /** The bucket of the models that the dashboard promotes, and of feedback; without it there is neither. */
  MODEL_BUCKET: bucketName.optional(),
  /** Another S3 server than AWS. */
  AWS_ENDPOINT_URL: httpUrl.optional(),
  /** How CloudWatch knows the stage's parts; without them the figures come from the service that INFERENCE_URL names. */
  CLOUDWATCH_LOAD_BALANCER: name,
  CLOUDWATCH_TARGET_GROUP: name,
  CLOUDWATCH_CLUSTER: name,
  CLOUDWATCH_SERVICE: name,
});

type Environment = z.infer<typeof schema>;

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly telemetry: TelemetrySettings;
  readonly inferenceUrl: string;
  /** Empty where the API is at this site's own origin. */
  readonly apiUrl: string;
  readonly uploadFolder: string;
  readonly trustedProxies: number;
  /** Absent where there is no dashboard. */
  readonly password: { readonly hash: string } | { readonly secret: SecretNames } | undefined;
  readonly store: StoreOptions | undefined;
  readonly metrics: MetricNames | undefined;
}

/** The server's settings. Throws one Error that names every bad variable. */
export function readConfig(variables: NodeJS.Dict<string> = process.env): Config {
  const set = given(variables);
  const result = schema.safeParse(set);
  if (!result.success) throw new Error(describeVariables(result.error));
  const env = result.data;
  return Object.freeze({
    host: env.HOST,
    port: env.PORT,
    telemetry: telemetryOf(env, "web"),
    inferenceUrl: env.INFERENCE_URL,
    apiUrl: env.PUBLIC_API_URL ?? "",
    uploadFolder: env.UPLOAD_FOLDER,
    trustedProxies: env.TRUSTED_PROXIES,
    password: passwordOf(env),
    store: env.MODEL_BUCKET === undefined ? undefined : storeOptions(env.MODEL_BUCKET, set),
    metrics: metricsOf(env),
  });
}

function passwordOf(env: Environment): Config["password"] {
  if (env.ADMIN_PASSWORD_HASH !== undefined) return { hash: env.ADMIN_PASSWORD_HASH };
  const { SST_APP: app, SST_SSM_PREFIX: prefix } = env;
  if (env.SST_Secret_value_ADMIN_PASSWORD_HASH === undefined || !app || !prefix) return undefined;
  const path = "Secret/ADMIN_PASSWORD_HASH/value";
  return { secret: { own: `${prefix}${path}`, fallback: `/sst/${app}/.fallback/${path}` } };
}

function metricsOf(env: Environment): MetricNames | undefined {
  const {
    CLOUDWATCH_LOAD_BALANCER: loadBalancer,
    CLOUDWATCH_TARGET_GROUP: targetGroup,
    CLOUDWATCH_CLUSTER: cluster,
    CLOUDWATCH_SERVICE: service,
    SST_STAGE: stage,
  } = env;
  if (!loadBalancer || !targetGroup || !cluster || !service || !stage) return undefined;
  return { loadBalancer, targetGroup, cluster, service, stage };
}
