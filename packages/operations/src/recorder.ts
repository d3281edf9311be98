import { diag, DiagLogLevel, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from "@opentelemetry/api";
import type { Context, Span as OtelSpan, Tracer } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { newSpanId, toTraceparent } from "./trace-context.ts";
import type { Recorder, Span, SpanEnd, SpanStart, TracingSettings } from "./tracing.ts";

/** A collector that doesn't answer costs the spans, not the service. */
const exportTimeoutMs = 5_000;
const longestCloseMs = 2_000;

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

/** Records with OpenTelemetry and sends batches as OTLP over HTTP. What is to be recorded was decided before. */
export function recordTo({ endpoint, serviceName }: TracingSettings, log: Logger): Recorder {
  const complain = (message: string) => log.warn({ reason: message }, "spans not exported");
  const silent = () => undefined;
  diag.setLogger(
    { error: complain, warn: silent, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  );
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: exportTimeoutMs });
  let nextTraceId = "";
  const provider = new TracerProvider({
    sampler: new AlwaysOnSampler(),
    resource: resourceFromAttributes({ "service.name": serviceName }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: exportTimeoutMs })],
    // The id of a trace is in the log already when its first span begins.
    idGenerator: { generateTraceId: () => nextTraceId, generateSpanId: newSpanId },
  });
  const tracer = provider.getTracer("tagsmith");
  return {
    start: (name, { traceId, parent }, start) => {
      nextTraceId = traceId;
      const remote = parent && { ...parent, traceFlags: TraceFlags.SAMPLED, isRemote: true };
      const context = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
      return new RecordedSpan({ tracer, context }, name, start);
    },
    close: async () => {
      const sent = provider.shutdown().catch((error: unknown) => complain(String(error)));
      await Promise.race([sent, delay(longestCloseMs)]);
    },
  };
}

/** The context is passed by hand: Node's own way would make every request dearer, recorded or not. */
class RecordedSpan implements Span {
  readonly #tracer: Tracer;
  readonly #span: OtelSpan;

  constructor({ tracer, context }: { tracer: Tracer; context: Context }, name: string, start: SpanStart) {
    const { kind, startMs: startTime, attributes = {} } = start;
    const options = { kind: kind ? kinds[kind] : SpanKind.INTERNAL, attributes };
    this.#tracer = tracer;
    this.#span = tracer.startSpan(name, startTime === undefined ? options : { ...options, startTime }, context);
  }

  get traceparent(): string {
    const { traceId, spanId } = this.#span.spanContext();
    return toTraceparent({ traceId, spanId, isSampled: true });
  }

  child(name: string, start: SpanStart = {}): Span {
    return new RecordedSpan({ tracer: this.#tracer, context: trace.setSpan(ROOT_CONTEXT, this.#span) }, name, start);
  }

  end({ attributes, error, endMs }: SpanEnd = {}): void {
    if (attributes) this.#span.setAttributes(attributes);
    if (error !== undefined) {
      this.#span.setAttribute("error.type", error);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end(endMs);
  }
}
