import type { ServerResponse } from "node:http";
import type { ServiceError } from "./errors.ts";
import { toRestError } from "./wire-errors.ts";

/** On every answer. The documentation page alone loosens the policy, for its own scripts and styles. */
const securityHeaders: readonly (readonly [string, string])[] = [
  ["cache-control", "no-store"],
  ["content-security-policy", "default-src 'none'; frame-ancestors 'none'"],
  ["cross-origin-resource-policy", "same-origin"],
  ["referrer-policy", "no-referrer"],
  ["strict-transport-security", "max-age=31536000"],
  ["x-content-type-options", "nosniff"],
];

export function secure(response: ServerResponse): void {
  for (const [name, value] of securityHeaders) response.setHeader(name, value);
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  send(response, { status, type: "application/json", body: JSON.stringify(body) });
}

export function sendError(response: ServerResponse, error: ServiceError): void {
  if (error.allow) response.setHeader("allow", error.allow.join(", "));
  if (error.retryAfterSeconds !== undefined) response.setHeader("retry-after", error.retryAfterSeconds);
  sendJson(response, toRestError(error), error.status);
}

export function send(
  response: ServerResponse,
  answer: { status: number; type: string; body: string | Uint8Array },
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(answer.status, { "content-type": answer.type, "content-length": Buffer.byteLength(answer.body) });
  response.end(answer.body);
}
