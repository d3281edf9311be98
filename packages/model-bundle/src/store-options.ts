import { NodeHttpHandler } from "@smithy/node-http-handler";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

export interface StoreOptions {
  readonly bucket: string;
  /** Another server than AWS, as http://127.0.0.1:9000; buckets are then addressed by path. */
  readonly endpoint?: string;
  readonly region?: string;
  /** Without, the SDK's default chain finds them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** A read on whose socket nothing comes for so long is broken off, and resumed. */
  readonly idleTimeoutMs?: number;
  /** The first wait before a read is tried again is up to twice as long, each further one up to twice the one before. */
  readonly retryDelayMs?: number;
}

const CONNECTION_TIMEOUT_MS = 3_000;
const MAX_SOCKETS = 32;

/** The SDK signs every request; a server on this machine takes any signature. */
const PLACEHOLDER_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };
const CREDENTIAL_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"];

/**
 * A store's options out of a bucket's name and the usual AWS variables, which the caller reads from its environment.
 * An endpoint on this machine needs no credentials.
 */
export function storeOptions(bucket: string, env: Readonly<Record<string, string | undefined>>): StoreOptions {
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region } = env;
  const isAnonymous = endpoint && isLoopback(endpoint) && !CREDENTIAL_VARIABLES.some((name) => env[name]);
  return {
    bucket,
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    ...(isAnonymous && { credentials: PLACEHOLDER_CREDENTIALS }),
  };
}

/** What fails is thrown; the SDK would write to the console besides. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {
  return;
}

/** The same as the SDK's client takes it. */
export function clientConfig({ endpoint, region, credentials }: StoreOptions, idleTimeoutMs: number) {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return {
    logger: silent,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true, region: "us-east-1" }),
    ...(region !== undefined && { region }),
    ...(credentials && { credentials }),
    // Every file is held to the SHA-256 of its manifest; the SDK's own checksums would cost a second pass.
    responseChecksumValidation: "WHEN_REQUIRED" as const,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: idleTimeoutMs,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    }),
  };
}

function isLoopback(endpoint: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(endpoint).hostname);
}
