import { toTraceparent } from "@tagsmith/operations/trace-context";
import type { Span, Tracing } from "@tagsmith/operations/tracing";
import type { RequestHandler, Response } from "express";
import type { Logger } from "pino";
import type { Metrics } from "./metrics.ts";
import { routeNameOf } from "./route-names.ts";

/** The trace of one request. */
export interface RequestTrace {
  readonly id: string;
  /** For whom this server asks on the request's behalf. */
  readonly traceparent: string;
  /** Where the trace is recorded. */
  readonly span: Span | undefined;
}

interface Parts {
  readonly log: Logger;
  readonly tracing: Tracing;
  readonly metrics: Metrics;
}

const clientGone = 499;

/** Of these there are many, and nobody asks how they went. */
const dull: ReadonlySet<string> = new Set(["/healthz", "/assets/"]);

/**
 * One log line, one measurement and, where its trace is recorded, one span a request, once it is answered. Neither an
 * address nor a body may bring a question into the log. The trace's id goes back with the answer.
 */
export function observe({ log, tracing, metrics }: Parts): RequestHandler {
  return (request, response, next) => {
    const startMs = performance.now();
    const { method } = request;
    const route = routeNameOf(request.path);
    const entered = tracing.enter(request.headers["traceparent"]);
    const span = dull.has(route) ? undefined : tracing.serve(entered, `${method} ${route}`, { startMs });
    const traceparent = span?.traceparent ?? toTraceparent(entered);
    response.locals["trace"] = { id: entered.traceId, traceparent, span } satisfies RequestTrace;
    response.set("traceparent", traceparent);
    metrics.inFlight.inc();
    response.on("close", () => {
      metrics.inFlight.dec();
      const durationMs = performance.now() - startMs;
      const status = response.writableFinished ? response.statusCode : clientGone;
      metrics.answered({ route, status, seconds: durationMs / 1_000 });
      const attributes = { "http.request.method": method, "http.route": route, "http.response.status_code": status };
      span?.end({ endMs: startMs + durationMs, attributes, error: status >= 500 ? String(status) : undefined });
      const fields = {
        trace_id: entered.traceId,
        method,
        route,
        status,
        duration_ms: Math.round(durationMs * 100) / 100,
        request_bytes: Number(request.headers["content-length"] ?? 0),
      };
      log[dull.has(route) ? "debug" : "info"](fields, "request");
    });
    next();
  };
}

/** Of a request that `observe` has seen. */
export const traceOf = ({ locals }: Pick<Response, "locals">) => locals["trace"] as RequestTrace | undefined;
