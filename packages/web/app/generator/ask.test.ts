import { afterEach, expect, it, vi } from "vitest";
import { askForReasons, askForTags } from "./ask.ts";

const question = { title: "Why?", body: "<p>Because</p>" };
const unaborted = new AbortController().signal;

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** What was sent, where it is answered so. */
function answering(answer: () => Promise<Response>) {
  const send = vi.fn<typeof fetch>(answer);
  vi.stubGlobal("fetch", send);
  return send;
}

it("a question travels in the body, with the tag whose reasons are asked for and a trace of its own", async () => {
  const send = answering(() => Promise.resolve(Response.json({ ok: true, value: "the tags" })));
  expect(await askForTags(question, unaborted)).toEqual({ ok: true, value: "the tags" });
  await askForReasons({ ...question, tag: "python" }, unaborted);
  expect(send.mock.calls.map(([path, sent]) => [path, (sent?.body as URLSearchParams).toString()])).toEqual([
    ["/suggest", "title=Why%3F&body=%3Cp%3EBecause%3C%2Fp%3E"],
    ["/explain", "title=Why%3F&body=%3Cp%3EBecause%3C%2Fp%3E&explain=python"],
  ]);
  const traces = send.mock.calls.map(([, sent]) => new Headers(sent?.headers).get("traceparent") ?? "");
  expect(traces).toEqual(Array(2).fill(expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)));
  expect(new Set(traces).size).toBe(2);
});

it.each([
  [413, { kind: "too_large" }],
  [429, { kind: "overloaded", retryAfterSeconds: 30 }],
  [503, { kind: "unreachable" }],
  [500, { kind: "garbled" }],
])("what a page of somebody else's under %i means", async (status, failure) => {
  answering(() => Promise.resolve(new Response("<h1>no</h1>", { status, headers: { "content-type": "text/html" } })));
  expect(await askForTags(question, unaborted)).toEqual({ ok: false, failure });
});

it("no answer at all is told from one that comes too late", async () => {
  const over = new AbortController();
  vi.spyOn(AbortSignal, "timeout").mockReturnValue(over.signal);
  answering(() => Promise.reject(new TypeError("Failed to fetch")));
  expect(await askForTags(question, unaborted)).toEqual({ ok: false, failure: { kind: "unreachable" } });
  over.abort(new DOMException("too late", "TimeoutError"));
  expect(await askForTags(question, unaborted)).toEqual({ ok: false, failure: { kind: "timeout" } });
});

it("an answer that nobody waits for any more is none", async () => {
  const leaving = new AbortController();
  answering(() => {
    leaving.abort(new Error("left"));
    return Promise.reject(new Error("left"));
  });
  await expect(askForTags(question, leaving.signal)).rejects.toThrow("left");
});
