import { describe, expect, vi } from "vitest";
import { eventually } from "../test/eventually.ts";
import { withService, type ServiceUnderTest } from "../test/with-service.ts";

describe("a service whose permits are all taken", () => {
  withService(
    "refuses with 429 and when to come back, answers probes at once, and serves again afterwards",
    { config: { queue: { requests: 1, deadlineMs: 100 } } },
    async (test) => {
      await test.ready();
      const release = occupy(test);
      const questions = Array.from({ length: 20 }, () => test.post("/api/v1/predict", { title: "python" }));
      const probes = await Promise.all([
        test.get("/livez"),
        test.get("/readyz"),
        test.get("/metrics"),
        test.get("/api/v1/health"),
      ]);
      expect(probes.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      for (const answer of await Promise.all(questions)) {
        expect([answer.status, await answer.json()]).toMatchObject([429, { code: "overloaded" }]);
        expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      }
      await expect(test.client.predict.mutate({ title: "python" })).rejects.toMatchObject({
        data: { httpStatus: 429, reason: "overloaded", retryAfterSeconds: expect.any(Number) as number },
      });
      release();
      expect((await test.post("/api/v1/predict", { title: "python" })).status).toBe(200);
    },
  );
});

describe("a client that leaves while its question waits", () => {
  for (const path of ["/api/v1/predict", "/api/trpc/predict"]) {
    withService(`has it dropped, and nobody calls that a fault (${path})`, {}, async (test) => {
      await test.ready();
      const { admission } = test.service.model;
      const predict = vi.spyOn(test.service.model.current(), "predict");
      const release = occupy(test);
      const client = new AbortController();
      const headers = { "content-type": "application/json" };
      const question = { method: "POST", headers, body: '{"title":"python"}', signal: client.signal };
      const answer = fetch(test.url + path, question).catch(() => "gone");
      await eventually(() => admission.waiting).toBe(1);
      client.abort();
      expect(await answer).toBe("gone");
      await eventually(() => admission.waiting).toBe(0);
      release();
      expect((await test.post("/api/v1/predict", { title: "c#" })).status).toBe(200);
      expect(predict.mock.calls).toEqual([[[{ title: "c#", body: "" }]]]);
      expect(test.log.filter((line) => line.includes('"status":499'))).toHaveLength(1);
      expect(test.log.join("")).not.toContain("unexpected");
    });
  }
});

/** Takes every permit until the returned function is called. */
function occupy({ service: { model } }: ServiceUnderTest): () => void {
  const releases: (() => void)[] = [];
  for (let permit = 0; permit < model.current().concurrency; permit++) {
    void model.lease(() => new Promise<void>((resolve) => releases.push(resolve)));
  }
  return () => releases.forEach((release) => release());
}
