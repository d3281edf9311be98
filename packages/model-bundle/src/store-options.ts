import { bucketName } from "./environment.ts";
import { UsageError } from "./usage.ts";

export interface StoreOptions {
  readonly bucket: string;
  /** Another server than AWS, as http://127.0.0.1:9000; buckets are then addressed by path. */
  readonly endpoint?: string;
  readonly region?: string;
  /** Without, the SDK's default chain finds them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** A read on whose socket nothing comes for so long is broken off, and resumed. */
  readonly idleTimeoutMs?: number;
  /** The same for a write, which is given longer: a server may be silent while it processes what it got. */
  readonly writeIdleTimeoutMs?: number;
  /** The first wait before a read is tried again is up to twice as long, each further one up to twice the one before. */
  readonly retryDelayMs?: number;
}

/** The SDK signs every request; a server on this machine takes any signature. */
const PLACEHOLDER_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };
const CREDENTIAL_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"];

/**
 * A store's options out of a bucket's name and the usual AWS variables, which the caller reads from its environment.
 * An endpoint on this machine needs no credentials.
 * @throws {UsageError} for what is no bucket's name, or an endpoint that is not a URL of HTTP
 */
export function storeOptions(bucket: string, env: Readonly<Record<string, string | undefined>>): StoreOptions {
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region } = env;
  const [issue] = bucketName.safeParse(bucket).error?.issues ?? [];
  if (issue) throw new UsageError(`the bucket "${bucket}" ${issue.message}`);
  if (endpoint && !isHttp(endpoint)) {
    throw new UsageError(
      `the endpoint "${endpoint}" is not a URL of HTTP (AWS_ENDPOINT_URL, as http://127.0.0.1:9000)`,
    );
  }
  const isAnonymous = endpoint && isLoopback(endpoint) && !CREDENTIAL_VARIABLES.some((name) => env[name]);
  return {
    bucket,
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    ...(isAnonymous && { credentials: PLACEHOLDER_CREDENTIALS }),
  };
}

/** `localhost:9000` parses, too: as a URL of the protocol `localhost:`. */
const isHttp = (endpoint: string) => URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol);

function isLoopback(endpoint: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(endpoint).hostname);
}
