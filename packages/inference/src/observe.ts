import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { errorWire } from "./errors.ts";
import type { Metrics } from "./metrics.ts";

const knownRequestId = /^[\w.:-]{1,128}$/;

/**
 * One log line and one measurement a request, once it is answered. Lengths only: neither an address nor a body may bring
 * a question into the log. The request's id is the caller's own or a new one; it is in the request's header from then on
 * and goes back with the answer.
 */
export function observe(
  { request, response, route }: { request: IncomingMessage; response: ServerResponse; route: string },
  { metrics, log }: { metrics: Metrics; log: Logger },
): void {
  const startMs = performance.now();
  const given = request.headers["x-request-id"];
  const requestId = typeof given === "string" && knownRequestId.test(given) ? given : randomUUID();
  request.headers["x-request-id"] = requestId;
  metrics.inFlight.inc();
  response.on("close", () => {
    metrics.inFlight.dec();
    const durationMs = performance.now() - startMs;
    const status = response.writableFinished ? response.statusCode : errorWire.client_gone.status;
    metrics.answered({ route, status, seconds: durationMs / 1_000 });
    log[route.startsWith("/api/") ? "info" : "debug"](
      {
        request_id: requestId,
        method: request.method,
        route,
        status,
        duration_ms: Math.round(durationMs * 100) / 100,
        request_bytes: Number(request.headers["content-length"] ?? 0),
      },
      "request",
    );
  });
}
