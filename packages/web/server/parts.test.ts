import { logTo } from "@tagsmith/operations/log";
import { Tracing } from "@tagsmith/operations/tracing";
import express from "express";
import type { Registry } from "prom-client";
import { expect, it } from "vitest";
import { newTraceparent } from "../app/traceparent.ts";
import { serve } from "../test/serve.ts";
import { readConfig } from "./env.ts";
import { createParts } from "./parts.ts";

type Context = ReturnType<ReturnType<typeof createParts>["contextOf"]>;

/** The parts that these variables make, around a page that answers from its context. */
async function start(page: (context: Context) => unknown, variables: Readonly<Record<string, string>> = {}) {
  const lines: string[] = [];
  const log = logTo({ write: (line) => lines.push(line) }, "info");
  const reported: Registry[] = [];
  const parts = createParts(readConfig(variables), {
    log,
    tracing: await Tracing.open(undefined, log),
    report: (registry) => void reported.push(registry),
    close: () => Promise.resolve(),
    exit: (code) => process.exit(code),
  });
  const app = express().use(parts.observer, parts.streams, (request, response) => {
    void Promise.resolve(page(parts.contextOf(request, response))).then((told) => response.json(told ?? null));
  });
  return { url: await serve(app), lines, reported };
}

/** A service that says under which trace it is asked, as the tag of whatever it is asked for. */
const service = () =>
  serve((request, response) => {
    const tagging = { tags: [request.headers["traceparent"]], predictions: [] };
    const data = { ml_model_metadata: { name: "tiny", version: "1" }, ...tagging, results: [tagging] };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ result: { data } }));
  });

it("a page asks the service that is named, under its request's trace, and so does a file", async () => {
  const page = ({ inference }: Context) => inference.predict({ title: "x", body: "" }, AbortSignal.timeout(10_000));
  const { url } = await start(page, { INFERENCE_URL: await service() });
  const traceparent = newTraceparent();
  const answer = await fetch(url, { headers: { traceparent } });
  expect(await answer.json()).toMatchObject({ ok: true, value: { tags: [traceparent] } });

  const form = new FormData();
  form.append("file", new Blob(["title\nx\n"]), "questions.csv");
  const tagged = await fetch(`${url}/bulk`, { method: "POST", body: form, headers: { traceparent } });
  expect(await tagged.text()).toContain(`x,${traceparent},`);
});

it("a page knows this site's address, the API's, and whom it is asked by", async () => {
  const page = ({ origin, apiUrl, clientAddress }: Context) => [origin(), apiUrl, clientAddress];
  const { url } = await start(page, { PUBLIC_API_URL: "https://api.example/" });
  expect(await (await fetch(url)).json()).toEqual([url, "https://api.example", "127.0.0.1"]);
});

it("what a page logs is in the process's log, with the request's trace", async () => {
  const { url, lines } = await start(({ logError }) => logError("A page failed.", new Error("its reason")));
  const traceparent = newTraceparent();
  await fetch(url, { headers: { traceparent } });
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    message: "A page failed.",
    err: { message: "its reason" },
    trace_id: traceparent.slice(3, 35),
  });
});

it("requests are counted where the process reports its metrics", async () => {
  const { url, reported } = await start(() => "page");
  await fetch(`${url}/about`);
  await expect
    .poll(() => reported[0]?.metrics(), { timeout: 20_000 })
    .toContain('tagsmith_web_requests_total{route="/about",status="200"} 1');
});

it("feedback and releases have a place where a bucket is named, and none without", async () => {
  const page = ({ feedback, dashboard }: Context) => [feedback, dashboard.releases, dashboard.agreement].map(Boolean);
  const named = await start(page, { MODEL_BUCKET: "models", AWS_REGION: "us-east-1" });
  expect(await (await fetch(named.url)).json()).toEqual([true, true, true]);
  const none = await start(page);
  expect(await (await fetch(none.url)).json()).toEqual([false, false, false]);
});

it("files lie in the folder that is named", async () => {
  await expect(start(() => undefined, { UPLOAD_FOLDER: "/dev/null/files" })).rejects.toThrow(/^UPLOAD_FOLDER: /);
});
