import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { describe, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { withService } from "../test/with-service.ts";
import { ModelThread } from "./model-thread.ts";
import { Pool } from "./pool.ts";

const crashing = new URL("../test/crashing-thread.mjs", import.meta.url);
const question = (title: string) => [{ title, body: "" }];

describe("a heavy model", () => {
  withService(
    "is served by threads, with the same answers",
    { tuning: { engine: { inlineRunMs: 0 } } },
    async ({ ready, client, log }) => {
      await ready();
      expect(log.find((line) => line.includes("model ready"))).toContain('"threads":2');
      await expect(client.predict.mutate({ title: "python" })).resolves.toMatchObject({ tags: ["python"] });
      const questions = Array.from({ length: 100 }, (_, n) => ({ title: n % 3 ? "c#" : "javascript" }));
      const { results } = await client.predictBatch.mutate({ questions });
      expect(results.map(({ tags }) => tags)).toEqual(questions.map(({ title }) => [title]));
    },
  );
});

describe("a thread that dies", () => {
  it("fails only what it was asked, and is replaced", async () => {
    const start = () => new ModelThread(crashing);
    const first = start();
    const bundle = await tinyBundle();
    await first.open(bundle);
    const pool = await Pool.open(bundle, { first, size: 2, start });
    const onFirst = pool.predict(question("wait"));
    const onSecond = pool.predict(question("fine"));
    const crash = pool.predict(question("crash"));
    const answers = await Promise.allSettled([onFirst, onSecond, crash]);
    const outcomes = answers.map((answer) =>
      answer.status === "fulfilled" ? "answered" : (answer.reason as { code: string }).code,
    );
    expect(outcomes.filter((outcome) => outcome === "worker_crashed").length).toBeGreaterThanOrEqual(1);
    expect(outcomes[2]).toBe("worker_crashed");
    await eventually(() => pool.size).toBe(2);
    await expect(pool.predict(question("fine"))).resolves.toEqual([Float32Array.of(0.5)]);
    await pool.close();
  });
});
