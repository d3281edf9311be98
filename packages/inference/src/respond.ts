import type { ServerResponse } from "node:http";
import type { ServiceError } from "./errors.ts";
import { discardBody } from "./request-body.ts";
import { toRestError } from "./wire-errors.ts";

/** On every answer. The documentation page alone loosens the policy, for its own scripts and styles. */
export const secureHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
};

/** What is on every answer, with `own` beside it or in its place: names and values in turn, as `writeHead` takes them. */
export const headerLines = (own: Readonly<Record<string, string>> = {}): readonly string[] =>
  Object.entries({ ...secureHeaders, ...own }).flat();

const secureLines = headerLines();

/** What `send` does by itself, for an answer that somebody else writes. */
export function secure(response: ServerResponse): void {
  for (const [name, value] of Object.entries(secureHeaders)) response.setHeader(name, value);
  response.setHeader("x-request-id", requestIdOf(response));
  response.setHeader("traceparent", traceparentOf(response));
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  /** From `headerLines`, made once where they are always the same. */
  readonly lines?: readonly string[];
}

/** Writes all headers as one list: setting them one by one takes Node several times as long. */
export function send(response: ServerResponse, { status, type, body, lines = secureLines }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const length = String(Buffer.byteLength(body));
  const ids = ["x-request-id", requestIdOf(response), "traceparent", traceparentOf(response)];
  response.writeHead(status, [...lines, ...ids, "content-type", type, "content-length", length]);
  response.end(body);
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  send(response, { status, type: "application/json", body: JSON.stringify(body) });
}

export function sendError(response: ServerResponse, error: ServiceError): void {
  if (!response.req.complete) discardBody(response.req);
  const body = JSON.stringify(toRestError(error));
  send(response, { status: error.status, type: "application/json", body, lines: headerLines(error.headers) });
}

/** `observe` has seen to it that there is one, and the other. */
const requestIdOf = ({ req }: ServerResponse) => String(req.headers["x-request-id"]);
const traceparentOf = ({ req }: ServerResponse) => String(req.headers["traceparent"]);
