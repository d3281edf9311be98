import { randomUUID } from "node:crypto";

/** Where a request stands in its trace, in the terms of W3C's Trace Context. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the caller's span, or the one that stands for it. */
  readonly spanId: string;
  /** Whether the trace is being recorded. */
  readonly isSampled: boolean;
}

const traceparent = /^(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-[0-9a-f]([0-9a-f])(-.*)?$/;

/** Undefined for whatever isn't a `traceparent`. Later versions than ours may have more at the end. */
export function parseTraceparent(header: string): TraceContext | undefined {
  const [, version, traceId, spanId, flags, more] = traceparent.exec(header) ?? [];
  if (!traceId || !spanId || !flags || (version === "00" && more !== undefined)) return undefined;
  return { traceId, spanId, isSampled: Number.parseInt(flags, 16) % 2 === 1 };
}

export function toTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}

/** The id in a `traceparent` of ours. */
export const traceIdIn = (header: string): string => header.slice(3, 35);

/** 122 of its bits are random, the last 32 among them. Node makes these ids in stock: no other random bytes cost as little. */
export function newTraceId(): string {
  const id = randomUUID();
  return id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24);
}

export function newSpanId(): string {
  const id = randomUUID();
  return id.slice(19, 23) + id.slice(24);
}

/** The same for one id in every program that keeps the same share: so what is recorded is recorded all the way. */
export function isKept(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) < share * 2 ** 32;
}
