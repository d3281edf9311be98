import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink } from "@trpc/client";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { describe, expect, it } from "vitest";
import { fakeModel } from "../test/fake-model.ts";
import { engine, withListener, withServer } from "../test/with-server.ts";
import { limits } from "./limits.ts";
import { router, type AppRouter } from "./router.ts";

const title = { title: "python" };
const post = (body: unknown, type: string | undefined = "application/json"): RequestInit => ({
  method: "POST",
  body: typeof body === "string" ? new TextEncoder().encode(body) : JSON.stringify(body),
  headers: type ? { "content-type": type } : {},
});

const requests: [string, string, RequestInit][] = [
  ["a question", "predict", post(title)],
  ["a charset", "predict", post(title, "Application/JSON; charset=utf-8")],
  ["a byte order mark", "predict", post('\ufeff{"title":"c#"}')],
  ["letters of many bytes", "predict", post({ title: "pythön 𝒳", body: "\ud800" })],
  ["a trailing slash", "predict/", post(title)],
  ["a wrong field", "predict", post({ title: "" })],
  ["no body", "predict", post("")],
  ["null", "predict", post("null")],
  ["broken JSON", "predict", post("{title:")],
  ["another content type", "predict", post(title, "text/plain")],
  ["no content type", "predict", post(JSON.stringify(title), "")],
  ["a form", "predict", post("a=b", "application/x-www-form-urlencoded")],
  ["an unknown procedure", "nothing", post(title)],
  ["a property of every object", "constructor", post(title)],
  ["a query by POST", "health", post("")],
  ["a mutation by GET", "predict?input=%7B%7D", {}],
  ["a mutation by PUT", "predict", { ...post(title), method: "PUT" }],
  ["HEAD", "predict", { method: "HEAD" }],
  ["a query", "model.current", {}],
  ["an encoded path", "%70redict", post(title)],
  ["a path that can't be decoded", "%E0%A4%A", post(title)],
  ["a batch", "predict,explain?batch=1", post({ 0: title, 1: title })],
  ["a batch of one", "predict?batch=1", post({ 0: title })],
  ["a batch with an encoded comma", "predict%2Cpredict?batch=1", post({ 0: title, 1: title })],
  ["a batch of which one fails", "predict,predict?batch=1", post({ 0: title, 1: {} })],
  ["a batch of which all fail", "predict,predict?batch=1", post({ 0: {}, 1: {} })],
  ["a batch without inputs", "predict,predict?batch=1", post("")],
  ["a batch of no object", "predict?batch=1", post([title])],
  ["a batch of broken JSON", "predict,predict?batch=1", post("{")],
  ["a batch with an unknown procedure", "predict,nothing?batch=1", post({ 0: title })],
  ["a batch of mutations and queries", "predict,health?batch=1", post({ 0: title })],
  ["an empty batch", "?batch=1", post({})],
  ["a batch that isn't one", "predict?batch=0", post(title)],
  ["another parameter", "predict?batch=1&x=1", post({ 0: title })],
  ["a single call that wants a stream", "predict", streamed(post(title))],
  ["a batch that wants a stream", "predict,predict?batch=1", streamed(post({ 0: title, 1: {} }))],
  ["more than the largest batch", "predictBatch", post(" ".repeat(limits.batchRequestBytes + 1))],
];

function streamed(init: RequestInit): RequestInit {
  return { ...init, headers: { "content-type": "application/json", "trpc-accept": "application/jsonl" } };
}

describe("the thin handler", () => {
  const adapter = createHTTPHandler({
    router,
    basePath: "/api/trpc/",
    createContext: () => ({ model: fakeModel(engine) }),
    maxBodySize: limits.batchRequestBytes,
    maxBatchSize: limits.batchedCalls,
  });

  it.each(requests)("answers %s as tRPC's own adapter does", (_what, path, init) =>
    withListener(adapter, (theirs) =>
      withServer(async (ours) => {
        const [expected, given] = await Promise.all([ask(theirs.url, path, init), ask(ours.url, path, init)]);
        expect(given).toEqual(expected);
      }),
    ),
  );

  it("refuses more calls than the limit by its number, by POST and by GET", () =>
    withServer(async ({ url }) => {
      for (const [count, init] of [
        [limits.batchedCalls + 1, post({})],
        [1_000, post({})],
        [1_000, {}],
      ] as const) {
        const answer = await fetch(`${url}/api/trpc/${Array(count).fill("predict").join(",")}?batch=1`, init);
        expect([answer.status, await answer.json()]).toMatchObject([
          400,
          { error: { message: expect.stringContaining("64") as string, data: { reason: "too_many_calls" } } },
        ]);
      }
    }));

  it.each([
    ["httpLink", httpLink],
    ["httpBatchLink", httpBatchLink],
    ["httpBatchStreamLink", httpBatchStreamLink],
  ] as const)("works with the official client's %s, errors and all", (_name, link) =>
    withServer(async ({ url }) => {
      const client = createTRPCClient<AppRouter>({ links: [link({ url: `${url}/api/trpc` })] });
      const answers = await Promise.allSettled([client.predict.mutate(title), client.predict.mutate({ title: " " })]);
      expect(answers).toMatchObject([
        { status: "fulfilled", value: { tags: ["python"] } },
        {
          status: "rejected",
          reason: { data: { code: "UNPROCESSABLE_CONTENT", httpStatus: 422, reason: "invalid_input" } },
        },
      ]);
      await expect(client.health.query()).resolves.toBe("Service healthy!");
    }),
  );
});

async function ask(url: string, path: string, init: RequestInit) {
  const answer = await fetch(`${url}/api/trpc/${path}`, init);
  const { headers, status } = answer;
  const named = ["content-type", "vary", "allow"].map((name) => [name, headers.get(name)]);
  return { status, headers: named, body: await answer.text() };
}
