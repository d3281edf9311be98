import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { logTo } from "@tagsmith/operations/log";
import { Collector } from "@tagsmith/operations/test/collector";
import { Tracing } from "@tagsmith/operations/tracing";
import express, { type RequestHandler } from "express";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "./app.ts";
import { newTraceparent } from "../app/traceparent.ts";
import { createInference } from "./inference.ts";
import { listen } from "./lifecycle.ts";
import { setLog } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { observe, traceOf } from "./observe.ts";

const marker = "my-secret-question";
const prediction = { ml_model_metadata: { name: "tiny", version: "1", description: "", training_data: "" } };

let servers: Server[];
let lines: string[];
let collector: Collector;
let tracing: Tracing;
/** The traceparent of each request that the inference service got. */
let asked: (string | undefined)[];
let metrics: Metrics;
/** What makes the client leave, of a request that is never answered. */
let leave: () => void;

beforeEach(async () => {
  [servers, lines, asked, metrics] = [[], [], [], new Metrics()];
  collector = await Collector.start();
});
afterEach(() => {
  collector.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** The server's ways around a page that asks the service for tags, as the pages do. */
async function start(given: { isTraced: boolean }): Promise<string> {
  const service = createServer((request, response) => {
    asked.push(request.headers["traceparent"] as string | undefined);
    const body = JSON.stringify({ result: { data: { ...prediction, tags: [], predictions: [] } } });
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  }).listen(0, "127.0.0.1");
  await once(service, "listening");
  const log = logTo({ write: (line) => lines.push(line) }, "debug");
  setLog(log);
  const settings = { endpoint: collector.url, share: 1, serviceName: "tagsmith-web" };
  tracing = await Tracing.open(given.isTraced ? settings : undefined, log);
  const inference = createInference({ url: `http://127.0.0.1:${(service.address() as AddressInfo).port}` });
  const streams: RequestHandler = (request, response, next) => {
    if (request.path === "/about") next(new Error("a page broke"));
    else if (request.path === "/bulk") leave();
    else if (request.path !== "/suggest") response.status(404).send("nothing here");
    else {
      const asking = inference
        .within(traceOf(response))
        .predict({ title: marker, body: "" }, AbortSignal.timeout(5_000));
      void asking.then((answer) => response.json(answer));
    }
  };
  const observer = observe({ log, tracing, metrics });
  const pages = () => Promise.resolve();
  const app = createApp({
    observer,
    pages,
    streams: express.Router().use(streams),
    clientDir: "none",
    trustedProxies: 0,
  });
  const server = createServer(app);
  servers = [service, server];
  return listen(server, { port: 0, host: "127.0.0.1" });
}

const records = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const answered = (count: number) =>
  expect.poll(() => records().filter(({ message }) => message === "request"), { timeout: 20_000 }).toHaveLength(count);

describe("what a page asks", () => {
  it("goes under the page's own trace to the service and back, recorded or not", async () => {
    const url = await start({ isTraced: false });
    const traceparent = newTraceparent();
    const answer = await fetch(`${url}/suggest`, { method: "POST", headers: { traceparent } });
    expect(await answer.json()).toMatchObject({ ok: true });
    expect(answer.headers.get("traceparent")).toBe(traceparent);
    expect(asked).toEqual([traceparent]);
    await answered(1);
    expect(records()).toMatchObject([{ trace_id: traceparent.slice(3, 35), route: "/suggest", status: 200 }]);
  });

  it("is a span here, with the call to the service below it, whose own will be below that", async () => {
    const url = await start({ isTraced: true });
    const traceparent = newTraceparent();
    await fetch(`${url}/suggest`, { method: "POST", headers: { traceparent } });
    await answered(1);
    await tracing.close();
    const [served, called] = [...collector.named("POST /suggest"), ...collector.named("predict")];
    const [, traceId, pageSpan] = traceparent.split("-");
    expect(served).toMatchObject({ traceId, parentSpanId: pageSpan, kind: 2, service: "tagsmith-web" });
    expect(called).toMatchObject({ traceId, parentSpanId: served?.spanId, kind: 3 });
    expect(asked).toEqual([`00-${traceId ?? ""}-${called?.spanId ?? ""}-01`]);
    expect(collector.received.join()).not.toContain(marker);
  });

  it("that names no trace, or nonsense, begins one", async () => {
    const url = await start({ isTraced: false });
    const answers = [
      await fetch(`${url}/suggest`, { method: "POST" }),
      await fetch(`${url}/suggest`, { method: "POST", headers: { traceparent: "none" } }),
    ];
    const given = answers.map(({ headers }) => headers.get("traceparent"));
    expect(new Set(given).size).toBe(2);
    for (const header of given) expect(header).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(asked).toEqual(given);
  });
});

describe("the log", () => {
  it("has one line of JSON a request, and nothing of what was asked or invented", async () => {
    const url = await start({ isTraced: true });
    const headers = { "x-request-id": marker, traceparent: marker, "user-agent": marker, cookie: marker };
    for (const path of ["/", "/suggest", "/about", `/${marker}`, `/suggest?title=${marker}`, "/assets/none.js"]) {
      await fetch(`${url}${path}`, { method: "POST", headers, body: new URLSearchParams({ title: marker }) });
    }
    await answered(6);
    await tracing.close();
    expect(lines.join("")).not.toContain(marker);
    expect(collector.received.join("")).not.toContain(marker);
    expect(records().find(({ level }) => level === "error")).toMatchObject({
      err: { message: "a page broke" },
      trace_id: records().find(({ route }) => route === "/about")?.["trace_id"],
    });
  });
});

it("health checks and files are told at debug, and are no spans", async () => {
  const url = await start({ isTraced: true });
  for (const path of ["/healthz", "/assets/none.js", "/"]) await fetch(url + path);
  await answered(3);
  await tracing.close();
  expect(records().map(({ route, level }) => [route, level])).toEqual([
    ["/healthz", "debug"],
    ["/assets/", "debug"],
    ["/", "info"],
  ]);
  expect(collector.spans.map(({ name }) => name)).toEqual(["GET /"]);
});

it("a client that leaves before its answer has a status of its own, and an error is only what is our fault", async () => {
  const url = await start({ isTraced: true });
  const leaving = new AbortController();
  leave = () => leaving.abort();
  await expect(fetch(`${url}/bulk`, { method: "POST", signal: leaving.signal })).rejects.toThrow();
  await answered(1);
  for (const path of ["/about", "/developers"]) await fetch(url + path, { method: "POST" });
  await answered(3);
  await tracing.close();
  const told = records().filter(({ message }) => message === "request");
  const isError = (route: unknown) => collector.named(`POST ${String(route)}`)[0]?.status.code === 2;
  expect(told.map(({ route, status }) => [route, status, isError(route)])).toEqual([
    ["/bulk", 499, false],
    ["/about", 500, true],
    ["/developers", 404, false],
  ]);
});

it("the metrics count requests by a closed set of routes", async () => {
  const url = await start({ isTraced: false });
  for (const path of ["/suggest", "/made-up", "/suggest"]) await fetch(url + path, { method: "POST" });
  await answered(3);
  const text = await metrics.registry.metrics();
  expect(text).toContain('tagsmith_web_requests_total{route="/suggest",status="200"} 2');
  expect(text).toContain('tagsmith_web_requests_total{route="other",status="404"} 1');
  expect(text).toContain("tagsmith_web_requests_in_flight 0");
  expect(text).toContain('tagsmith_web_request_duration_seconds_count{route="/suggest"} 2');
  expect(text).toContain("web_process_resident_memory_bytes");
});
