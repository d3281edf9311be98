import { Collector } from "@tagsmith/operations/test/collector";
import { Tracing } from "@tagsmith/operations/tracing";
import { logTo } from "@tagsmith/operations/log";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { readMetric, withProcess } from "../test/with-process.ts";
import { withService, type ServiceUnderTest } from "../test/with-service.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const callerSpan = "00f067aa0ba902b7";
const traceparent = (flags: string) => `00-${traceId}-${callerSpan}-${flags}`;

const ask = ({ url }: { url: string }, headers: Record<string, string> = {}, path = "/api/v1/predict") =>
  fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: '{"title":"my secret python"}',
  });

describe("without a collector", () => {
  withService("the caller's trace stands in the log and goes back with the answer", {}, async (service) => {
    await service.ready();
    const sent = traceparent("01");
    for (const path of ["/api/v1/predict", "/api/trpc/predict", "/api/v1/nothing"]) {
      expect((await ask(service, { traceparent: sent }, path)).headers.get("traceparent")).toBe(sent);
    }
    const answer = await fetch(`${service.url}/api/trpc/health`, { headers: { traceparent: sent } });
    expect(answer.headers.get("traceparent")).toBe(sent);
    await eventually(() => requestLines(service).filter(({ trace_id }) => trace_id === traceId)).toHaveLength(4);
  });

  withService("a request without a trace, or with nonsense for one, gets one of its own", {}, async (service) => {
    await service.ready();
    const headers = [{}, { traceparent: "nonsense" }, { traceparent: `00-${"0".repeat(32)}-${callerSpan}-01` }];
    const answers = await Promise.all(headers.map((header) => ask(service, header)));
    const ids = answers.map(
      (answer) => /^00-([0-9a-f]{32})-[0-9a-f]{16}-00$/.exec(answer.headers.get("traceparent") ?? "")?.[1],
    );
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain(undefined);
    await eventually(() => requestLines(service).map(({ trace_id }) => trace_id)).toEqual(expect.arrayContaining(ids));
  });
});

describe("a recorded request", () => {
  withCollector(
    "shows its wait and its run, with the batch's size and the model, and no text",
    async (service, collector) => {
      const answer = await ask(service, { traceparent: traceparent("01") });
      await service.service.tracing.close();
      const [served] = collector.named("POST /api/v1/predict");
      expect(served).toMatchObject({ traceId, parentSpanId: callerSpan, kind: 2, service: "tagsmith-inference" });
      expect(served?.attributes).toMatchObject({ "http.route": "/api/v1/predict", "http.response.status_code": 200 });
      expect(answer.headers.get("traceparent")).toBe(`00-${traceId}-${served?.spanId ?? ""}-01`);
      const inside = { traceId, parentSpanId: served?.spanId };
      expect(collector.named("queue")).toMatchObject([inside]);
      expect(collector.named("model run")).toMatchObject([inside]);
      expect(collector.named("model run")[0]?.attributes).toEqual({
        "tagsmith.batch_size": 1,
        "tagsmith.model": "tiny@1",
      });
      expect(collector.received.join()).not.toContain("secret");
    },
  );

  withCollector("that shares a run with others has it in its own trace", async (service, collector) => {
    const requests = Array.from({ length: 20 }, () => ask(service));
    await Promise.all(requests);
    await service.service.tracing.close();
    const served = new Map(collector.named("POST /api/v1/predict").map((span) => [span.spanId, span.traceId]));
    expect(served.size).toBe(20);
    const runs = collector.named("model run");
    expect(new Set(runs.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set(served.keys()));
    for (const run of runs) expect(run.traceId).toBe(served.get(run.parentSpanId ?? ""));
  });

  withCollector("asks for a batch slice by slice, under tRPC as well", async (service, collector) => {
    const questions = Array.from({ length: 40 }, () => ({ title: "python" }));
    await service.client.predictBatch.mutate({ questions });
    await service.service.tracing.close();
    const sizes = collector.named("model run").map(({ attributes }) => Number(attributes["tagsmith.batch_size"]));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(40);
    expect(sizes.length).toBeGreaterThan(1);
    expect(collector.named("POST /api/trpc/")).toHaveLength(1);
  });

  withCollector("that its caller doesn't record isn't recorded", async (service, collector) => {
    const answer = await ask(service, { traceparent: traceparent("00") });
    expect(answer.headers.get("traceparent")).toBe(traceparent("00"));
    await service.service.tracing.close();
    expect(collector.spans.filter((span) => span.traceId === traceId)).toEqual([]);
  });
});

describe("a model's way into service", () => {
  withCollector("is a trace of its own: fetched by GETs of ranges, proven, swapped in", async (service, collector) => {
    await service.service.tracing.close();
    const [load] = collector.named("model load");
    expect(load?.attributes).toEqual({ "tagsmith.model": "tiny@1" });
    const below = (parent: string | undefined) => collector.spans.filter(({ parentSpanId }) => parentSpanId === parent);
    expect(below(load?.spanId).map(({ name }) => name)).toEqual(["fetch", "prove", "swap"]);
    const [fetched] = collector.named("fetch");
    const gets = below(fetched?.spanId);
    expect(new Set(gets.map(({ name }) => name))).toEqual(new Set(["S3 GET"]));
    const [first] = gets.filter(({ attributes }) => String(attributes["aws.s3.key"]).endsWith("model.onnx"));
    expect(first?.attributes).toMatchObject({ "tagsmith.range": expect.stringMatching(/^0-\d+$/) as string });
    expect(Number(first?.attributes["tagsmith.bytes"])).toBeGreaterThan(0);
    expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([load?.traceId]));
  });
});

describe("the process", () => {
  it("sends what it recorded before it ends, each of two processes its own", async () => {
    const collector = await Collector.start();
    await withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        await eventually(() => readMetric(url, "tagsmith_processes_listening")).toBe(2);
        await eventually(() => readMetric(url, "tagsmith_model_ready")).toBe(1);
        await ask({ url }, { traceparent: traceparent("01"), connection: "close" });
        child.kill("SIGTERM");
        expect(await exit).toEqual([0, null]);
        expect(collector.named("POST /api/v1/predict")).toMatchObject([{ traceId, service: "here" }]);
        expect(collector.named("model load")).toHaveLength(2);
      },
      { variables: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: "here", WORKERS: "2" } },
    );
    collector.close();
  });

  it("answers and ends in order though the collector is away", () =>
    withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        expect((await ask({ url }, { traceparent: traceparent("01") })).status).toBe(200);
        child.kill("SIGTERM");
        expect(await exit).toEqual([0, null]);
      },
      { variables: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" } },
    ));
});

/** A test of the service, ready, with a collector that gets all traces. */
function withCollector(name: string, test: (service: ServiceUnderTest, collector: Collector) => Promise<void>): void {
  let collector: Collector;
  const tracing = async () => {
    collector = await Collector.start();
    const settings = { endpoint: collector.url, share: 1, serviceName: "tagsmith-inference" };
    return Tracing.open(settings, logTo({ write: () => undefined }, "silent"));
  };
  withService(name, { tracing, bundle: tinyBundle() }, async (service) => {
    try {
      await service.ready();
      await test(service, collector);
    } finally {
      collector.close();
    }
  });
}

function requestLines({ log }: ServiceUnderTest): Record<string, unknown>[] {
  return log
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ message, route }) => message === "request" && String(route) !== "/readyz");
}
