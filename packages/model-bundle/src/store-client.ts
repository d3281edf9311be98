import { NodeHttpHandler } from "@smithy/node-http-handler";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { StoreOptions } from "./store-options.ts";

const CONNECTION_TIMEOUT_MS = 3_000;
const MAX_SOCKETS = 32;

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

/** What fails is thrown; the SDK would write to the console besides. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {
  return;
}
