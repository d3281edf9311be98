import { toTraceparent, traceIdIn } from "@tagsmith/operations/trace-context";
import type { Span, Tracing } from "@tagsmith/operations/tracing";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { errorWire } from "./errors.ts";
import type { Metrics } from "./metrics.ts";

const knownRequestId = /^[\w.:-]{1,128}$/;

/** Of the requests whose trace is recorded. */
const spans = new WeakMap<IncomingMessage, Span>();

/** The span of a request, where its trace is recorded. */
export const spanOf = (request: IncomingMessage): Span | undefined => spans.get(request);

/** What the log tells a request by, once `observe` has seen it. */
export const idsOf = ({ headers }: IncomingMessage) => ({
  request_id: headers["x-request-id"],
  trace_id: traceIdIn(String(headers["traceparent"])),
});

/**
 * One log line, one measurement and, where its trace is recorded, one span a request, once it is answered. Lengths only:
 * neither an address nor a body may bring a question into the log. The trace is the caller's or a new one, and so is the
 * request's id, which is the trace's where the caller names none; both are in the request's headers from then on and go
 * back with the answer.
 */
export function observe(
  { request, response, route }: { request: IncomingMessage; response: ServerResponse; route: string },
  { metrics, log, tracing }: { metrics: Metrics; log: Logger; tracing: Tracing },
): void {
  const startMs = performance.now();
  const given = request.headers["x-request-id"];
  const trace = tracing.enter(request.headers["traceparent"]);
  const requestId = typeof given === "string" && knownRequestId.test(given) ? given : trace.traceId;
  request.headers["x-request-id"] = requestId;
  const isCall = route.startsWith("/api/");
  const span = isCall && trace.isSampled ? tracing.serve(trace, nameOf(request, route), { startMs }) : undefined;
  if (span) spans.set(request, span);
  request.headers["traceparent"] = span?.traceparent ?? toTraceparent(trace);
  metrics.inFlight.inc();
  response.on("close", () => {
    metrics.inFlight.dec();
    const durationMs = performance.now() - startMs;
    const status = response.writableFinished ? response.statusCode : errorWire.client_gone.status;
    metrics.answered({ route, status, seconds: durationMs / 1_000 });
    span?.end({
      endMs: startMs + durationMs,
      attributes: {
        "http.request.method": request.method ?? "",
        "http.route": route,
        "http.response.status_code": status,
      },
      error: status >= 500 ? String(status) : undefined,
    });
    log[isCall ? "info" : "debug"](
      {
        request_id: requestId,
        trace_id: trace.traceId,
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

const nameOf = ({ method }: IncomingMessage, route: string) => `${method ?? ""} ${route}`;
