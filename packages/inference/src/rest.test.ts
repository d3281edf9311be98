import { request } from "node:http";
import { describe, expect } from "vitest";
import { eventually } from "../test/eventually.ts";
import { withService, type ServiceUnderTest } from "../test/with-service.ts";
import { limits } from "./limits.ts";

const metadata = { name: "tiny", version: "1", description: expect.any(String) as string, training_data: "none" };

describe("a service with a model", () => {
  withService("answers the predecessor's clients", {}, async ({ ready, get, post }) => {
    await ready();
    const health = await get("/api/v1/health");
    expect([health.status, await health.json()]).toEqual([200, "Service healthy!"]);
    expect(await (await get("/api/v1/models")).json()).toEqual(metadata);
    const answer = await post("/api/v1/predict", { title: "How to sort in python", body: "<p>?</p>" });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      ml_model_metadata: metadata,
      tags: ["python"],
      predictions: [
        { tag: "python", confidence: expect.closeTo(0.98, 1) as number },
        { tag: expect.any(String) as string, confidence: expect.any(Number) as number },
        { tag: expect.any(String) as string, confidence: expect.any(Number) as number },
      ],
    });
  });

  withService("takes an address with a slash at its end, as FastAPI did", {}, async ({ ready, get, post }) => {
    await ready();
    expect((await post("/api/v1/predict/", { title: "python" })).status).toBe(200);
    expect((await get("/api/v1/health/")).status).toBe(200);
    expect((await get("/api/v1/predict/")).status).toBe(405);
    expect((await get("/api/v1/health//")).status).toBe(404);
  });

  withService(
    "takes a question without a body, without a content type, and with fields of others",
    {},
    async (service) => {
      await service.ready();
      const body = JSON.stringify({ title: "javascript", user: "jon" });
      const answer = await fetch(`${service.url}/api/v1/predict`, {
        method: "POST",
        body: new TextEncoder().encode(body),
      });
      expect([answer.status, await answer.json()]).toMatchObject([200, { tags: ["javascript"] }]);
    },
  );

  withService("answers a batch in the order of its questions", {}, async ({ ready, post }) => {
    await ready();
    const questions = Array.from({ length: limits.batchQuestions }, (_, n) => ({ title: n % 2 ? "c#" : "python" }));
    const answer = await post("/api/v1/predict/batch", { questions });
    const { ml_model_metadata, results } = (await answer.json()) as {
      ml_model_metadata: object;
      results: { tags: string[] }[];
    };
    expect(ml_model_metadata).toEqual(metadata);
    expect(results.map(({ tags }) => tags)).toEqual(questions.map(({ title }) => [title]));
  });

  withService("explains tags by their words", {}, async ({ ready, post }) => {
    await ready();
    const answer = await post("/api/v1/explain", { title: "sort in python", body: "" });
    expect(await answer.json()).toMatchObject({
      explanations: [{ tag: "python", words: [{ text: "python", spans: [{ field: "title", start: 8, end: 14 }] }] }],
    });
  });
});

describe("a request that can't be answered", () => {
  withService("is told its bad fields in FastAPI's shape", {}, async ({ ready, post }) => {
    await ready();
    const empty = await post("/api/v1/predict", {});
    expect([empty.status, await empty.json()]).toEqual([
      422,
      { detail: [{ type: "missing", loc: ["body", "title"], msg: "Field required" }] },
    ]);
    const batch = await post("/api/v1/predict/batch", { questions: [{ title: "fine" }, { title: "", body: 1 }] });
    expect([batch.status, await batch.json()]).toMatchObject([
      422,
      { detail: [{ loc: ["body", "questions", 1, "title"] }, { loc: ["body", "questions", 1, "body"] }] },
    ]);
    const lists = await post("/api/v1/predict", { title: [], body: { length: 1e6 } });
    expect(await lists.json()).toEqual({
      detail: [
        { type: "string_type", loc: ["body", "title"], msg: "Input should be a valid string" },
        { type: "string_type", loc: ["body", "body"], msg: "Input should be a valid string" },
      ],
    });
  });

  withService("gets the status and the code of its fault", {}, async ({ ready, url, get, post }) => {
    await ready();
    const zstd = { method: "POST", headers: { "content-encoding": "zstd" }, body: "x" };
    const faults: [Promise<Response>, number, string][] = [
      [post("/api/v1/predict", "{title:"), 400, "invalid_json"],
      [post("/api/v1/predict", ""), 400, "invalid_json"],
      [get("/api/v1/nothing"), 404, "not_found"],
      [get("/"), 404, "not_found"],
      [get("/api/v1/predict"), 405, "method_not_allowed"],
      [post("/api/v1/health", {}), 405, "method_not_allowed"],
      [post("/readyz", {}), 405, "method_not_allowed"],
      [fetch(`${url}/api/v1/predict`, zstd), 415, "unsupported_encoding"],
    ];
    for (const [request, status, code] of faults) {
      const answer = await request;
      expect([answer.status, await answer.json()]).toEqual([status, { detail: expect.any(String) as string, code }]);
    }
    expect((await get("/api/v1/predict")).headers.get("allow")).toBe("POST");
  });

  withService(
    "is refused one byte above the size limit and read at it, with or without a length",
    {},
    async (service) => {
      await service.ready();
      const sized = (bytes: number) => `{"title":"python"}${" ".repeat(bytes - 18)}`;
      for (const chunked of [false, true]) {
        expect(await send(service, sized(limits.requestBytes), chunked)).toMatchObject({ status: 200 });
        expect(await send(service, sized(limits.requestBytes + 1), chunked)).toEqual({
          status: 413,
          body: { detail: expect.stringContaining(String(limits.requestBytes)) as string, code: "too_large" },
        });
      }
    },
  );
});

describe("every answer", () => {
  withService("forbids sniffing, framing and keeping, whatever was asked", {}, async ({ ready, get, post }) => {
    await ready();
    const answers = [
      get("/livez"),
      get("/nothing"),
      post("/api/v1/predict", { title: "python" }),
      get("/api/trpc/health"),
    ];
    for (const { headers } of await Promise.all(answers)) {
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  withService("leaves one line in the log, never a question's text", {}, async ({ ready, url, client, post, log }) => {
    await ready();
    await post("/api/v1/predict", { title: "my secret python", body: "<p>my secret</p>" });
    await post("/api/v1/predict?title=my-secret", { title: 5, body: "my secret" });
    await client.predict.mutate({ title: "my secret python" });
    await fetch(`${url}/api/trpc/models?input=${encodeURIComponent('"my secret"')}`, {
      headers: { "x-request-id": "its-id" },
    });
    const lines = () => log.filter((line) => line.includes('"message":"request"') && line.includes("/api/"));
    await eventually(lines).toHaveLength(4);
    expect(log.join("")).not.toContain("secret");
    expect(lines().map((line) => JSON.parse(line) as object)).toMatchObject([
      { route: "/api/v1/predict", status: 200, request_bytes: 54 },
      { route: "/api/v1/predict", status: 422 },
      { route: "/api/trpc/", status: 200 },
      { route: "/api/trpc/", status: 200, request_id: "its-id" },
    ]);
  });
});

describe("the metrics", () => {
  withService("count requests by route and status, and tell the model", {}, async ({ ready, get, post }) => {
    await ready();
    await post("/api/v1/predict", { title: "python" });
    await post("/api/v1/predict", {});
    await get("/made-up-by-anybody");
    const text = () => get("/metrics").then((answer) => answer.text());
    await eventually(text).toContain('tagsmith_requests_total{route="unknown",status="404"} 1');
    expect(await text()).toContain('tagsmith_requests_total{route="/api/v1/predict",status="200"} 1');
    expect(await text()).toContain('tagsmith_requests_total{route="/api/v1/predict",status="422"} 1');
    expect(await text()).toMatch(/tagsmith_model_info\{name="tiny",version="1",manifest_sha256="[0-9a-f]{64}"\} 1/);
    expect(await text()).toContain("tagsmith_requests_in_flight 1"); // the question itself
    expect(await text()).not.toContain("made-up");
  });
});

/** `fetch` can't leave out the length of a string. */
function send({ url }: ServiceUnderTest, body: string, chunked: boolean): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const headers = chunked ? { "transfer-encoding": "chunked" } : { "content-length": Buffer.byteLength(body) };
    const outgoing = request(`${url}/api/v1/predict`, { method: "POST", headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        resolve({ status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) });
      });
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}
