import type { RequestListener } from "node:http";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { expect, it } from "vitest";
import { serve } from "../../test/serve.ts";
import { ServiceSource } from "./service-source.ts";

/** Metrics under the service's names, and a source with a clock of its own that reads them. */
async function measured() {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "tagsmith_requests_total",
    help: "x",
    labelNames: ["route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "tagsmith_request_duration_seconds",
    help: "x",
    labelNames: ["route"],
    buckets: [0.01, 0.1, 1],
    registers,
  });
  const tags = new Counter({ name: "tagsmith_predictions_total", help: "x", labelNames: ["tag"], registers });
  const answers = new Counter({ name: "tagsmith_answers_total", help: "x", labelNames: ["confidence"], registers });
  const waiting = new Gauge({ name: "tagsmith_model_waiting", help: "x", registers });
  const inFlight = new Gauge({ name: "tagsmith_requests_in_flight", help: "x", registers });
  const url = await serve((_request, response) => void registry.metrics().then((text) => response.end(text)));
  const clock = { now: Date.UTC(2026, 0, 1) };
  const source = new ServiceSource({ url, everyMs: 10_000, now: () => clock.now });
  const ask = (status: number, seconds: number, route = "/api/trpc") => {
    requests.inc({ route, status });
    durations.observe({ route }, seconds);
  };
  const readAfter = async (seconds: number) => {
    clock.now += seconds * 1_000;
    const result = await source.read();
    if (!result.ok) throw new Error(result.reason);
    return result.figures;
  };
  return { ask, tags, answers, waiting, inFlight, registry, readAfter };
}

it("rates and percentiles are those of the time in between, not since the service started", async () => {
  const { ask, readAfter } = await measured();
  for (let count = 0; count < 500; count++) ask(200, 5);
  await readAfter(0);
  for (let count = 0; count < 20; count++) ask(200, 0.005);
  const { moments, statuses } = await readAfter(10);
  expect(moments).toHaveLength(1);
  expect(moments[0]).toMatchObject({ requests: 2, errors: 0 });
  expect(moments[0]?.p50).toBeCloseTo(5);
  expect(moments[0]?.p95).toBeCloseTo(9.5);
  expect(moments[0]?.p99).toBeCloseTo(9.9);
  expect(statuses).toEqual([{ name: "200", count: 20 }]);
});

it("errors are counted by status over all routes; what balancers ask isn't counted at all", async () => {
  const { ask, readAfter } = await measured();
  await readAfter(0);
  [200, 429, 500, 503].forEach((status) => ask(status, 0.02));
  ask(503, 0.02, "/api/v1/predict");
  ask(503, 0.02, "/readyz");
  const { moments, statuses } = await readAfter(10);
  expect(statuses).toEqual([
    { name: "503", count: 2 },
    { name: "200", count: 1 },
    { name: "429", count: 1 },
    { name: "500", count: 1 },
  ]);
  expect(moments[0]).toMatchObject({ requests: 0.5, errors: 0.3 });
});

it("tags are listed by how often they were given, the queue as it is", async () => {
  const { tags, waiting, inFlight, readAfter } = await measured();
  await readAfter(0);
  tags.inc({ tag: "css" });
  tags.inc({ tag: "python" }, 3);
  waiting.set(7);
  inFlight.set(9);
  expect(await readAfter(10)).toMatchObject({
    tags: [
      { name: "python", count: 3 },
      { name: "css", count: 1 },
    ],
    queue: { waiting: 7, inFlight: 9 },
  });
});

it("drift is the share of answers that are now in other bands, once there are enough of them", async () => {
  const { answers, readAfter } = await measured();
  answers.inc({ confidence: "90-100" }, 80);
  answers.inc({ confidence: "10-20" }, 20);
  await readAfter(0);
  answers.inc({ confidence: "90-100" }, 10);
  expect((await readAfter(10)).confidence).not.toHaveProperty("moved");
  answers.inc({ confidence: "90-100" }, 50);
  answers.inc({ confidence: "10-20" }, 40);
  const { confidence } = await readAfter(10);
  expect(confidence?.now).toEqual([0, 40, 0, 0, 0, 0, 0, 0, 0, 60]);
  expect(confidence?.moved).toBeCloseTo(0.2);
});

it("a service that started anew counts from nothing, never below it", async () => {
  const { ask, registry, readAfter } = await measured();
  for (let count = 0; count < 50; count++) ask(200, 0.005);
  await readAfter(0);
  registry.resetMetrics();
  for (let count = 0; count < 20; count++) ask(200, 0.005);
  expect((await readAfter(10)).moments[0]).toMatchObject({ requests: 2 });
});

it("times beyond what the service tells apart are told as at least that", async () => {
  const { ask, readAfter } = await measured();
  await readAfter(0);
  ask(200, 60);
  expect((await readAfter(10)).moments[0]).toMatchObject({ p50: 1_000, p99: 1_000 });
});

it("what is older than half an hour is forgotten", async () => {
  const { ask, readAfter } = await measured();
  ask(200, 0.005);
  for (let reading = 0; reading < 60; reading++) await readAfter(10);
  ask(500, 0.005);
  for (let reading = 0; reading < 180; reading++) await readAfter(10);
  const { windowMinutes, statuses } = await readAfter(0);
  expect(windowMinutes).toBe(30);
  expect(statuses).toEqual([]);
});

it("many who look make no noise: shorter times than ten seconds are drawn as one", async () => {
  const { ask, readAfter } = await measured();
  await readAfter(0);
  for (let second = 0; second < 30; second++) {
    ask(200, 0.005);
    await readAfter(1);
  }
  const { moments } = await readAfter(0);
  expect(moments.length).toBeLessThanOrEqual(4);
  expect(moments.every(({ requests }) => Math.abs(requests - 1) < 1e-6)).toBe(true);
});

it("the service is asked once a second, however many look", async () => {
  let asked = 0;
  const url = await serve((_request, response) => response.end(`tagsmith_model_waiting ${(asked += 1)}\n`));
  let now = 0;
  const source = new ServiceSource({ url, now: () => now });
  await Promise.all([source.read(), source.read()]);
  now = 999;
  await source.read();
  expect(asked).toBe(1);
  now = 1_000;
  await source.read();
  expect(asked).toBe(2);
});

it("what is asked before anybody looks is there for the first who does", async () => {
  let asked = 0;
  let tell = (): void => undefined;
  const scraped = new Promise<void>((resolve) => (tell = resolve));
  const url = await serve((_request, response) => {
    response.end(`tagsmith_requests_total{route="/api/trpc",status="200"} ${asked}\n`);
    tell();
  });
  let now = 0;
  const source = new ServiceSource({ url, everyMs: 3_600_000, isMeasuring: true, now: () => now });
  await scraped;
  await source.read();
  asked = 7;
  now = 10_000;
  const result = await source.read();
  expect(result.ok && result.figures.statuses).toEqual([{ name: "200", count: 7 }]);
});

it.each<[string, RequestListener]>([
  ["answers 503", (_request, response) => response.writeHead(503).end("no")],
  ["hangs up", ({ socket }) => socket.destroy()],
  ["stops in the midst of its answer", (_request, response) => void response.write("tagsmith_requests_total")],
])("a service that %s is said to be unreachable", async (_name, listener) => {
  const source = new ServiceSource({ url: await serve(listener) });
  expect(await source.read()).toEqual({ ok: false, reason: "unreachable" });
});
