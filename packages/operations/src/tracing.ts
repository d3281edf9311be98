import type { Logger } from "pino";
import { isKept, newTraceId, parseTraceparent, type TraceContext } from "./trace-context.ts";

export type Attributes = Readonly<Record<string, string | number>>;

export interface SpanStart {
  readonly attributes?: Attributes;
  /** Who answers a request, who makes one, or neither of them. */
  readonly kind?: "server" | "client";
  /** By `performance.now()` or as an epoch; now unless given. */
  readonly startMs?: number;
}

export interface SpanEnd {
  readonly attributes?: Attributes;
  /** What went wrong, in one word: never a text that somebody sent. */
  readonly error?: string | undefined;
  readonly endMs?: number;
}

/** One step of what is being recorded. */
export interface Span {
  /** For the header of that name. */
  readonly traceparent: string;
  child(name: string, start?: SpanStart): Span;
  end(end?: SpanEnd): void;
}

/** Keeps spans and sends them away. */
export interface Recorder {
  /** `at` is where the span belongs; without a parent it is the first of its trace. */
  start(name: string, at: { traceId: string; parent: TraceContext | undefined }, start: SpanStart): Span;
  /** Resolves when what was recorded has been sent, or can't be. */
  close(): Promise<void>;
}

export interface TracingSettings {
  /** Of an OTLP/HTTP collector, without the path. */
  readonly endpoint: string;
  /** How many of all traces are kept, from 0 to 1. */
  readonly share: number;
  readonly serviceName: string;
}

interface Entered extends TraceContext {
  /** Absent where the caller named no trace. */
  readonly caller: TraceContext | undefined;
}

/** The traces that pass through a program. Without a recorder it hands them on; each request has its trace all the same. */
export class Tracing {
  readonly #recorder: Recorder | undefined;
  readonly #share: number;

  constructor(recorder?: Recorder, share = 1) {
    this.#recorder = recorder;
    this.#share = share;
  }

  /** What records is imported only where it is wanted. */
  static async open(settings: TracingSettings | undefined, log: Logger): Promise<Tracing> {
    if (!settings) return new Tracing();
    const { recordTo } = await import("./recorder.ts");
    return new Tracing(recordTo(settings, log), settings.share);
  }

  /**
   * The trace that a request's `traceparent` names, or a new one. A caller may ask for no recording, but for more than the
   * share of all he can't: the id decides.
   */
  enter(header: string | string[] | undefined): Entered {
    const caller = typeof header === "string" ? parseTraceparent(header) : undefined;
    const traceId = caller?.traceId ?? newTraceId();
    const isWanted = caller?.isSampled ?? true;
    // Where nothing is recorded the caller's wish is handed on: the next program may record.
    const isSampled = this.#recorder ? isWanted && isKept(traceId, this.#share) : caller?.isSampled === true;
    return { traceId, spanId: caller?.spanId ?? traceId.slice(16), isSampled, caller };
  }

  /** The span of a request that was entered; undefined where it isn't recorded. */
  serve({ traceId, isSampled, caller }: Entered, name: string, start: SpanStart): Span | undefined {
    if (!isSampled) return undefined;
    return this.#recorder?.start(name, { traceId, parent: caller }, { kind: "server", ...start });
  }

  /** Begins a trace of something rare, which is always recorded. */
  begin(name: string, attributes: Attributes): Span | undefined {
    return this.#recorder?.start(name, { traceId: newTraceId(), parent: undefined }, { attributes });
  }

  /** Sends what was recorded; waits for that no longer than a moment. */
  async close(): Promise<void> {
    await this.#recorder?.close();
  }
}
