import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import { describe, expect } from "vitest";
import { withService } from "../test/with-service.ts";
import { limits } from "./limits.ts";
import type { AppRouter } from "./router.ts";

describe("tRPC's own client", () => {
  withService("predicts, explains and reads the model card", {}, async ({ ready, client }) => {
    await ready();
    await expect(client.predict.mutate({ title: "javascript" })).resolves.toMatchObject({ tags: ["javascript"] });
    await expect(client.explain.mutate({ title: "c#" })).resolves.toMatchObject({ explanations: [{ tag: "c#" }] });
    await expect(client.model.current.query()).resolves.toMatchObject({
      name: "tiny",
      labels: ["python", "javascript", "c#"],
      manifest_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    await expect(client.health.query()).resolves.toBe("Service healthy!");
  });

  withService("batches calls into one request, and a bad one fails alone", {}, async ({ ready, url }) => {
    await ready();
    const requests: string[] = [];
    const link = httpBatchLink({
      url: `${url}/api/trpc`,
      fetch: (input, init) => {
        requests.push(input instanceof Request ? input.url : input.toString());
        return fetch(input, init as RequestInit);
      },
    });
    const client = createTRPCClient<AppRouter>({ links: [link] });
    const answers = await Promise.allSettled([
      client.predict.mutate({ title: "python" }),
      client.predict.mutate({ title: " " }),
      client.predict.mutate({ title: "c#" }),
    ]);
    expect(requests).toHaveLength(1);
    expect(answers).toMatchObject([
      { status: "fulfilled", value: { tags: ["python"] } },
      { status: "rejected" },
      { status: "fulfilled", value: { tags: ["c#"] } },
    ]);
  });

  withService("is told which method is for an address, by any other one", {}, async ({ ready, url }) => {
    await ready();
    const ask = async (method: string, path: string) => {
      const { status, headers } = await fetch(`${url}/api/trpc/${path}`, { method });
      return [status, headers.get("allow")];
    };
    for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
      expect(await ask(method, "predict")).toEqual([405, "POST"]);
      expect(await ask(method, "health")).toEqual([405, "GET"]);
      expect(await ask(method, "nothing")).toEqual([404, null]);
    }
  });

  withService("gets each error with our code, and bad fields by name", {}, async ({ ready, client, url }) => {
    await ready();
    const invalid = await client.predict.mutate({ title: "" }).catch((error: unknown) => error);
    expect(invalid).toBeInstanceOf(TRPCClientError);
    expect(invalid).toMatchObject({
      data: {
        code: "UNPROCESSABLE_CONTENT",
        httpStatus: 422,
        reason: "invalid_input",
        fields: [{ type: "string_too_short", loc: ["body", "title"] }],
      },
    });
    const json = { "content-type": "application/json" };
    const faults: [string, RequestInit, number, string][] = [
      ["predict", { method: "POST", headers: json, body: "{title:" }, 400, "invalid_json"],
      ["predict?input=%7B%7D", {}, 405, "method_not_allowed"],
      ["nothing", {}, 404, "not_found"],
      [
        "predictBatch",
        { method: "POST", headers: json, body: " ".repeat(limits.batchRequestBytes + 1) },
        413,
        "too_large",
      ],
      [
        `${Array(limits.batchedCalls + 1)
          .fill("health")
          .join(",")}?batch=1`,
        {},
        400,
        "too_many_calls",
      ],
    ];
    for (const [path, init, status, reason] of faults) {
      const answer = await fetch(`${url}/api/trpc/${path}`, init);
      const body: unknown = await answer.json();
      const error = (Array.isArray(body) ? body[0] : body) as object;
      expect([answer.status, error]).toMatchObject([status, { error: { data: { reason, httpStatus: status } } }]);
    }
    const asMany = Array(limits.batchedCalls).fill("health").join(",");
    expect((await fetch(`${url}/api/trpc/${asMany}?batch=1`)).status).toBe(200);
  });
});
