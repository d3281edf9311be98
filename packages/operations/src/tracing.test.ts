import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Collector } from "../test/collector.ts";
import { logTo } from "./log.ts";
import { Tracing } from "./tracing.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const caller = `00-${traceId}-00f067aa0ba902b7-01`;

let collector: Collector;
let lines: string[];

beforeEach(async () => {
  collector = await Collector.start();
  lines = [];
});
afterEach(() => collector.close());

const open = (given: { endpoint?: string; share?: number } = {}) =>
  Tracing.open(
    { endpoint: collector.url, share: 1, serviceName: "test", ...given },
    logTo({ write: (line) => lines.push(line) }, "debug"),
  );

describe("a recorded trace", () => {
  it("goes on below the caller's span, each span below its parent, and is sent at the end", async () => {
    const tracing = await open();
    const span = tracing.serve(tracing.enter(caller), "GET /", {});
    const child = span?.child("asking", { kind: "client", attributes: { "tagsmith.batch_size": 3 } });
    child?.end({ error: "timeout" });
    span?.end({ attributes: { "http.response.status_code": 200 } });
    await tracing.close();

    const [served, asked] = [...collector.named("GET /"), ...collector.named("asking")];
    expect(served).toMatchObject({ traceId, parentSpanId: "00f067aa0ba902b7", service: "test", kind: 2 });
    expect(served?.attributes).toEqual({ "http.response.status_code": 200 });
    expect(asked).toMatchObject({ traceId, parentSpanId: served?.spanId, kind: 3, status: { code: 2 } });
    expect(asked?.attributes).toEqual({ "tagsmith.batch_size": 3, "error.type": "timeout" });
    expect(span?.traceparent).toBe(`00-${traceId}-${served?.spanId ?? ""}-01`);
  });

  it("begins here, under the id that the log has, where the caller names none", async () => {
    const tracing = await open();
    const entered = tracing.enter("nonsense");
    tracing.serve(entered, "GET /", {})?.end();
    await tracing.close();
    expect(collector.spans).toMatchObject([{ traceId: entered.traceId }]);
    expect(collector.spans[0]?.parentSpanId).toBeUndefined();
  });

  it("has the times that it is told, by the process's clock or as an epoch", async () => {
    const tracing = await open();
    const epoch = Date.now() - 60_000;
    const startMs = performance.now() - 1_000;
    const span = tracing.serve(tracing.enter(caller), "GET /", { startMs });
    span?.child("S3 GET", { startMs: epoch }).end({ endMs: epoch + 250 });
    span?.end({ endMs: startMs + 500 });
    await tracing.close();
    const lengthMs = (name: string) => {
      const [span] = collector.named(name);
      return Number(BigInt(span?.endTimeUnixNano ?? 0) - BigInt(span?.startTimeUnixNano ?? 0)) / 1e6;
    };
    expect(lengthMs("GET /")).toBeCloseTo(500, 0);
    expect(lengthMs("S3 GET")).toBeCloseTo(250, 0);
  });
});

describe("which traces are recorded", () => {
  const isRecorded = async (share: number, header?: string) => {
    const tracing = await open({ share });
    const entered = tracing.enter(header);
    await tracing.close();
    return entered.isSampled;
  };

  it("is up to the id: a caller can ask for less, and not for more", async () => {
    const low = `00-${traceId.slice(0, 24)}00000001-00f067aa0ba902b7`;
    expect(await isRecorded(0.05, `${low}-01`)).toBe(true);
    expect(await isRecorded(0.05, `${low}-00`)).toBe(false);
    expect(await isRecorded(0.05, `00-${traceId.slice(0, 24)}f0000000-00f067aa0ba902b7-01`)).toBe(false);
    expect(await isRecorded(0)).toBe(false);
    expect(await isRecorded(1)).toBe(true);
  });

  it("is nobody's question where there is no collector: the trace is handed on as it came", () => {
    const tracing = new Tracing();
    const entered = tracing.enter(caller);
    expect(entered).toMatchObject({ traceId, spanId: "00f067aa0ba902b7", isSampled: true });
    expect(tracing.serve(entered, "GET /", {})).toBeUndefined();
    expect(tracing.begin("model load", {})).toBeUndefined();
    expect(tracing.enter(undefined).isSampled).toBe(false);
  });
});

it("a collector that is away costs the spans, and holds up no end", async () => {
  const tracing = await open({ endpoint: "http://127.0.0.1:1" });
  tracing.serve(tracing.enter(caller), "GET /", {})?.end();
  const closed = await Promise.race([tracing.close().then(() => "closed"), delay(20_000, "hanging", { ref: false })]);
  expect(closed).toBe("closed");
});
