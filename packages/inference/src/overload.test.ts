import { describe, expect } from "vitest";
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

/** Takes every permit until the returned function is called. */
function occupy({ service: { model } }: ServiceUnderTest): () => void {
  const releases: (() => void)[] = [];
  for (let permit = 0; permit < model.current().concurrency; permit++) {
    void model.lease(() => new Promise<void>((resolve) => releases.push(resolve)));
  }
  return () => releases.forEach((release) => release());
}
