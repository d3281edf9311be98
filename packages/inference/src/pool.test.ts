import { readdirSync } from "node:fs";
import { getPriority } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { describe, expect, it, vi } from "vitest";
import { eventually } from "../test/eventually.ts";
import { crashing, half, outcome, question, withPool } from "../test/with-pool.ts";
import { withProcess } from "../test/with-process.ts";
import { withService } from "../test/with-service.ts";
import { Backoff } from "./backoff.ts";
import { coalesceMessages } from "./coalesce.ts";
import { ModelThread } from "./model-thread.ts";
import { Pool } from "./pool.ts";

describe("a heavy model", () => {
  withService(
    "is served by threads, with the same answers",
    { config: { workers: 2 }, tuning: { engine: { inlineRunMs: 0 } } },
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

describe.runIf(process.platform === "linux")("a model's thread", () => {
  withService(
    "leaves the processor to HTTP where there are too few",
    { config: { workers: 2 }, tuning: { engine: { inlineRunMs: 0 } } },
    async ({ ready }) => {
      await ready();
      const others = readdirSync("/proc/self/task").map((thread) => getPriority(Number(thread)));
      expect(others.filter((niceness) => niceness > getPriority()).length).toBeGreaterThanOrEqual(2);
    },
  );

  it("does so, too, where the whole process has been told to yield to others", () =>
    withProcess(
      async ({ child: { pid = 0 } }) => {
        const nicest = () => Math.max(...readdirSync(`/proc/${pid}/task`).map((thread) => getPriority(Number(thread))));
        await eventually(nicest).toBeGreaterThan(10);
        expect(getPriority(pid)).toBe(10);
      },
      {
        variables: {
          MODEL_WORKERS: "2",
          NODE_OPTIONS: "--import=data:text/javascript,import{setPriority}from'os';setPriority(10)",
        },
      },
    ));
});

describe("a thread that dies", () => {
  withPool("costs nobody an answer", { size: 1 }, async ({ pool, deaths }) => {
    const answers = ["hold", "crash once", "fine"].map((title) => pool.predict(question(title)));
    await expect(Promise.all(answers)).resolves.toEqual(answers.map(() => half));
    expect(deaths).toEqual([new Error("out of luck")]);
  });

  withPool("twice of one question fails that one only", { size: 1 }, async ({ pool }) => {
    const titles = ["hold", "crash", "hold", "crash", "fine"];
    const answers = await Promise.allSettled(titles.map((title) => pool.predict(question(title))));
    expect(answers.map(outcome)).toEqual(["answered", "worker_crashed", "answered", "worker_crashed", "answered"]);
    await eventually(() => pool.size).toBe(1);
  });

  withPool("of one question fails none that came with it, or waited meanwhile", { size: 1 }, async ({ pool }) => {
    const predict = coalesceMessages((questions) => pool.predict(questions));
    const titles = ["crash", "fine", "fine", "crash", "fine"];
    const answers = await Promise.allSettled(titles.map((title) => predict(question(title))));
    expect(answers.map(outcome)).toEqual(titles.map((title) => (title === "crash" ? "worker_crashed" : "answered")));
  });

  withPool("or answers nothing any more costs nobody an answer", { size: 1, patienceMs: 50 }, async ({ pool }) => {
    const answers = ["fine", "hang", "fine"].map((title) => pool.predict(question(title)));
    await expect(Promise.all(answers)).resolves.toEqual(answers.map(() => half));
  });

  withPool("leaves the work to the others until it is replaced", { size: 2 }, async ({ pool, successors }) => {
    successors.kind = "broken";
    await expect(pool.predict(question("crash"))).rejects.toMatchObject({ code: "worker_crashed" });
    expect(pool.size).toBe(1);
    await expect(pool.predict(question("fine"))).resolves.toEqual(half);
    successors.kind = "successor";
    await eventually(() => pool.size).toBe(2);
  });

  withPool("and leaves none: who asks waits for the next", { size: 1 }, async ({ pool }) => {
    const dying = { isDone: false };
    const answers = [pool.predict(question("crash once")).finally(() => (dying.isDone = true))];
    const sizes = new Set<number>();
    while (!dying.isDone) {
      sizes.add(pool.size);
      answers.push(pool.predict(question("fine")));
      await nextTurn();
    }
    expect(sizes).toContain(0);
    await expect(Promise.all(answers)).resolves.toEqual(answers.map(() => half));
  });

  withPool(
    "and leaves none to come: who asks is told when to come again",
    { size: 1 },
    async ({ pool, successors }) => {
      successors.kind = "broken";
      const refusal = { code: "worker_crashed", status: 503, headers: { "retry-after": "1" } };
      await expect(pool.predict(question("crash"))).rejects.toMatchObject(refusal);
      await expect(pool.predict(question("fine"))).rejects.toMatchObject(refusal);
      successors.kind = "successor";
      await eventually(() => pool.predict(question("fine")).catch(outcome)).toEqual(half);
    },
  );

  withPool("again and again is replaced ever less often", { size: 1 }, async ({ pool, successors }) => {
    const waits = vi.spyOn(Backoff.prototype, "next");
    successors.kind = "broken";
    await expect(pool.predict(question("crash"))).rejects.toMatchObject({ code: "worker_crashed" });
    await eventually(() => waits.mock.results.length).toBe(3);
    const [first, second, third] = waits.mock.results.map(({ value }) => Number(value));
    expect(second).toBeGreaterThan(first ?? Infinity);
    expect(third).toBeGreaterThan(second ?? Infinity);
    successors.kind = "successor";
    await eventually(() => pool.predict(question("fine")).catch(outcome)).toEqual(half);
    successors.kind = "broken";
    const before = waits.mock.results.length;
    await expect(pool.predict(question("crash"))).rejects.toMatchObject({ code: "worker_crashed" });
    await eventually(() => waits.mock.results.length).toBeGreaterThan(before);
    expect(waits.mock.results[before]?.value).toBeLessThan(second ?? 0);
  });

  withPool("and whose successor is long in coming: who asks is told so at once", { size: 1 }, async ({ pool }) => {
    vi.spyOn(Backoff.prototype, "next").mockReturnValue(3_000);
    await expect(pool.predict(question("crash"))).rejects.toMatchObject({ code: "worker_crashed" });
    await expect(pool.predict(question("fine"))).rejects.toMatchObject({ code: "worker_crashed" });
  });

  withPool("and whose successor can't load the model, ends as that does", { size: 1 }, async (test) => {
    test.successors.kind = "refusing";
    await expect(test.pool.predict(question("crash"))).rejects.toMatchObject({ code: "worker_crashed" });
    await Promise.all(test.threads.slice(0, 2).map(({ ended }) => ended));
  });
});

describe("a pool", () => {
  withPool("asks the thread with the least to do, and once closed leaves nobody waiting", { size: 2 }, async (test) => {
    const answers = Promise.allSettled(Array.from({ length: 4 }, () => test.pool.predict(question("hold"))));
    expect(test.threads.map(({ load }) => load)).toEqual([2, 2]);
    await test.pool.close();
    expect((await answers).map(outcome)).toEqual(Array.from({ length: 4 }, () => "worker_crashed"));
    expect(test.deaths).toEqual([]);
  });

  withPool(
    "that is closed while a thread is replaced ends the new one, too",
    { size: 1 },
    async ({ pool, threads }) => {
      const answer = pool.predict(question("crash once"));
      while (threads.length < 2) await nextTurn(); // the new one has yet to boot
      await pool.close();
      await Promise.all([answer, ...threads.map(({ ended }) => ended)]);
    },
  );

  it("that can't have all its threads ends those that it has", async () => {
    const bundle = await tinyBundle();
    const first = new ModelThread(crashing(""));
    await first.open(bundle);
    const others = ["", "refusing"].map((kind) => new ModelThread(crashing(kind)));
    const [...waiting] = others;
    const start = () => waiting.shift() ?? first;
    await expect(Pool.open(bundle, { first, size: 3, start })).rejects.toThrow("no such file");
    await Promise.all([...others.map(({ ended }) => ended), first.close()]);
  });
});
