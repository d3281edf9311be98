import type { ServerResponse } from "node:http";
import type { ServiceError } from "./errors.ts";
import { discardBody } from "./request-body.ts";
import { toRestError } from "./wire-errors.ts";

/** On every answer. The documentation page alone loosens the policy, for its own scripts and styles. */
const secureHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
};
/** As `writeHead` takes them without a look at each. */
const secureLines = Object.entries(secureHeaders).flat();

/** What `send` does by itself, for an answer that somebody else writes. */
export function secure(response: ServerResponse): void {
  for (const [name, value] of Object.entries(secureHeaders)) response.setHeader(name, value);
  response.setHeader("x-request-id", requestIdOf(response));
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  /** Beside, or in the place of, what is on every answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Headers go out as one list in one write: setting them one by one costs as much as a prediction's session. */
export function send(response: ServerResponse, { status, type, body, headers }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const lines = headers ? Object.entries({ ...secureHeaders, ...headers }).flat() : secureLines;
  const length = String(Buffer.byteLength(body));
  const own = ["x-request-id", requestIdOf(response), "content-type", type, "content-length", length];
  response.writeHead(status, lines.concat(own));
  response.end(body);
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  send(response, { status, type: "application/json", body: JSON.stringify(body) });
}

export function sendError(response: ServerResponse, error: ServiceError): void {
  if (!response.req.complete) discardBody(response.req);
  const body = JSON.stringify(toRestError(error));
  send(response, { status: error.status, type: "application/json", body, headers: error.headers });
}

/** `observe` has seen to it that there is one. */
const requestIdOf = ({ req }: ServerResponse) => String(req.headers["x-request-id"]);
