import { once } from "node:events";
import { connect, type Socket } from "node:net";
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

describe("ten times as many questions as there is room for", () => {
  withService(
    "get 200 or 429 and nothing else: no more wait than the queue holds, and those are answered in the end",
    { config: { queue: { requests: 10, deadlineMs: 100_000 } } },
    async (test) => {
      await test.ready();
      const { admission } = test.service.model;
      const release = occupy(test);
      const statuses: number[] = [];
      const ask = async () => statuses.push((await test.post("/api/v1/predict", { title: "python" })).status);
      const questions = Promise.all(Array.from({ length: 100 }, ask));
      await eventually(() => statuses).toHaveLength(90);
      expect(new Set(statuses)).toEqual(new Set([429]));
      expect(admission.waiting).toBe(10);
      release();
      await questions;
      expect(statuses.slice(90)).toEqual(Array.from({ length: 10 }, () => 200));
      expect(admission).toMatchObject({ running: 0, waiting: 0 });
    },
  );
});

/** Nothing leaves the queue because of its deadline. */
const patient = { config: { queue: { requests: 64, deadlineMs: 100_000 } } };

describe("a client that leaves while its question waits", () => {
  for (const path of ["/api/v1/predict", "/api/trpc/predict"]) {
    withService(`has it dropped, and nobody calls that a fault (${path})`, patient, async (test) => {
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
      expect(predict.mock.calls.map(([questions]) => questions)).toEqual([[{ title: "c#", body: "" }]]);
      expect(test.log.filter((line) => line.includes('"status":499'))).toHaveLength(1);
      expect(test.log.join("")).not.toContain("unexpected");
    });
  }
});

describe("a storm of questions", () => {
  withService(
    "is refused bit by bit: a probe that comes after all of them is answered before most, and each gets 429",
    { config: { queue: { requests: 1, deadlineMs: 60_000 } } },
    async (test) => {
      await test.ready();
      const release = occupy(test);
      void test.service.model.lease(() => Promise.resolve()); // takes the queue's only place
      const probe = "GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
      const question = "POST /api/v1/predict HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}";
      const sockets = await Promise.all(Array.from({ length: 101 }, () => connected(test.url, probe)));
      const answers: string[] = [];
      for (const socket of sockets) socket.on("data", (text) => answers.push(String(text).slice(9, 12)));
      sockets.forEach((socket, n) => socket.write(n < 100 ? question : probe));
      await eventually(() => answers.length).toBe(101);
      sockets.forEach((socket) => socket.destroy());
      release();
      expect(answers.indexOf("200")).toBeLessThan(50);
      expect(answers.filter((status) => status === "429")).toHaveLength(100);
    },
  );
});

/** A connection that the service has answered on. */
async function connected(url: string, probe: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(probe);
  await once(socket, "data");
  return socket;
}

/** Takes every permit until the returned function is called. */
function occupy({ service: { model } }: ServiceUnderTest): () => void {
  const releases: (() => void)[] = [];
  for (let permit = 0; permit < model.current().concurrency; permit++) {
    void model.lease(() => new Promise<void>((resolve) => releases.push(resolve)));
  }
  return () => releases.forEach((release) => release());
}
