import { EventEmitter, once } from "node:events";
import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { serve } from "../test/serve.ts";
import { createInference } from "./inference.ts";

const question = { title: "How do I merge two dictionaries?", body: "<p>In Python 3.</p>" };
const prediction = {
  ml_model_metadata: { name: "tiny", version: "1", description: "", training_data: "" },
  tags: ["python"],
  predictions: [{ tag: "python", confidence: 0.9 }],
};

/** A real server that answers the first request with the first of `answers`, and so on; the last one repeats. */
async function serviceThat(...answers: RequestListener[]) {
  const requests: { method: string; url: string; body: string }[] = [];
  const url = await serve((request, response) => {
    void text(request).then((body) => {
      const answer = answers[Math.min(requests.length, answers.length - 1)];
      requests.push({ method: request.method ?? "", url: request.url ?? "", body });
      answer?.(request, response);
    });
  });
  return { requests, url };
}

const json =
  (status: number, body: unknown): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };

const page =
  (status: number): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "text/html" }).end("<h1>Not the service</h1>");
  };

const refusal = (httpStatus: number, reason: string, more: object = {}) =>
  json(httpStatus, { error: { message: reason, code: -32_000, data: { httpStatus, reason, fields: [], ...more } } });

const answers = json(200, { result: { data: prediction } });
const hangUp: RequestListener = ({ socket }) => socket.destroy();
const stall: RequestListener = () => undefined;
const breakOff: RequestListener = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": 1_000 }).write('{"result":');
  response.destroy();
};

const ask = (url: string, deadlineMs = 5_000) =>
  createInference({ url, deadlineMs }).predict(question, new AbortController().signal);

it("an answer arrives as it was given", async () => {
  const { url } = await serviceThat(answers);
  expect(await ask(url)).toEqual({ ok: true, value: prediction });
});

it("a question travels in the body, never in the address", async () => {
  const { url, requests } = await serviceThat(answers);
  await ask(url);
  expect(requests).toEqual([{ method: "POST", url: "/api/trpc/predict", body: JSON.stringify(question) }]);
});

it("the tag that is to be explained goes with the question", async () => {
  const { url, requests } = await serviceThat(answers);
  await createInference({ url }).explain({ ...question, tag: "python" }, new AbortController().signal);
  const body = JSON.stringify({ ...question, tags: ["python"] });
  expect(requests).toEqual([{ method: "POST", url: "/api/trpc/explain", body }]);
});

it("who leaves keeps the service no longer", async () => {
  const service = new EventEmitter();
  const [asked, left] = [once(service, "asked"), once(service, "left")];
  const { url } = await serviceThat((_request, response) => {
    response.once("close", () => service.emit("left"));
    service.emit("asked");
  });
  const leaving = new AbortController();
  const answer = createInference({ url, deadlineMs: 3_600_000 }).predict(question, leaving.signal);
  await asked;
  leaving.abort();
  await left;
  expect(await answer).toMatchObject({ ok: false });
});

describe("a failure that may pass is tried exactly once more", () => {
  it.each([
    ["the connection is closed", hangUp, "unreachable"],
    ["the answer breaks off", breakOff, "unreachable"],
    ["a balancer says 502", page(502), "unreachable"],
    ["a balancer says 503", page(503), "unreachable"],
    ["a balancer says 504", page(504), "unreachable"],
    ["a worker crashed", refusal(503, "worker_crashed"), "failed"],
  ])("when %s", async (_name, answer, kind) => {
    const { url, requests } = await serviceThat(answer);
    expect(await ask(url)).toEqual({ ok: false, failure: { kind } });
    expect(requests).toHaveLength(2);
  });

  it("and its second answer counts", async () => {
    const { url, requests } = await serviceThat(hangUp, answers);
    expect(await ask(url)).toEqual({ ok: true, value: prediction });
    expect(requests).toHaveLength(2);
  });
});

describe("a failure that stays is not tried again, and is told apart", () => {
  const tooLong = { type: "string_too_long", loc: ["body", "title"], msg: "String should have at most 10 characters" };
  it.each([
    ["loading", refusal(503, "not_ready", { retryAfterSeconds: 3 }), { kind: "loading", retryAfterSeconds: 3 }],
    ["a model that reads no text", refusal(409, "wrong_model"), { kind: "no_text" }],
    [
      "a tag of another model",
      refusal(422, "invalid_input", { fields: [{ type: "enum", loc: ["body", "tags", 0], msg: "unknown" }] }),
      { kind: "no_tag" },
    ],
    ["overloaded", refusal(429, "overloaded", { retryAfterSeconds: 7 }), { kind: "overloaded", retryAfterSeconds: 7 }],
    ["too large", refusal(413, "too_large"), { kind: "too_large" }],
    ["too slow", refusal(504, "timeout"), { kind: "timeout" }],
    ["broken", refusal(500, "internal"), { kind: "failed" }],
    [
      "bad field",
      refusal(422, "invalid_input", { fields: [tooLong] }),
      { kind: "invalid", fields: { title: tooLong.msg } },
    ],
    ["a page in its place", page(200), { kind: "garbled" }],
    ["JSON of another kind", json(200, { hello: "world" }), { kind: "garbled" }],
  ])("%s", async (_name, answer, failure) => {
    const { url, requests } = await serviceThat(answer);
    expect(await ask(url)).toEqual({ ok: false, failure });
    expect(requests).toHaveLength(1);
  });
});

it("a service that never answers is given up at the deadline", async () => {
  const { url, requests } = await serviceThat(stall);
  expect(await ask(url, 100)).toEqual({ ok: false, failure: { kind: "timeout" } });
  expect(requests).toHaveLength(1);
});

it("the deadline covers the second attempt too", async () => {
  const { url, requests } = await serviceThat(hangUp, stall);
  expect(await ask(url, 1_000)).toEqual({ ok: false, failure: { kind: "timeout" } });
  expect(requests).toHaveLength(2);
});

it("nobody at the address is unreachable", async () => {
  expect(await ask("http://127.0.0.1:9")).toEqual({ ok: false, failure: { kind: "unreachable" } });
});
