import { BundleError } from "@tagsmith/model-bundle/errors";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { always, engineOf, modelOf, questions, whoAnswers } from "../test/with-trial.ts";
import { askRows } from "./ask.ts";
import { ServiceError } from "./errors.ts";
import { explain } from "./explain.ts";
import type { Engine } from "./model-access.ts";
import { ModelThread } from "./model-thread.ts";
import { Pool } from "./pool.ts";

describe("a canary", () => {
  it.each([0.01, 0.1, 0.5])("answers the share %d of the questions", async (share) => {
    const answered = await whoAnswers(modelOf(engineOf("candidate"), { mode: "canary", share }));
    const count = answered.filter((by) => by === "candidate").length;
    const deviation = Math.sqrt(questions.length * share * (1 - share));
    expect(Math.abs(count - questions.length * share)).toBeLessThan(4 * deviation);
  });

  it("answers the same questions in every process, and those among more once its share grows", async () => {
    const answers = (share: number) => whoAnswers(modelOf(engineOf("candidate"), { mode: "canary", share }));
    const few = await answers(0.1);
    expect(await answers(0.1)).toEqual(few);
    const more = await answers(0.3);
    expect(few.filter((by, n) => by === "candidate" && more[n] !== "candidate")).toEqual([]);
  });

  it("is another sample for another version", async () => {
    const answers = (name: string) => whoAnswers(modelOf(engineOf(name), { mode: "canary", share: 0.5 }));
    const [one, other] = [await answers("one"), await answers("other")];
    expect(one.filter((by, n) => by === "current" && other[n] === "current").length).toBeLessThan(0.3 * one.length);
  });

  it("that fails costs nobody an answer: the version in use gives it", async () => {
    const broken = engineOf("candidate", { predict: () => Promise.reject(new Error("NaN")) });
    const { ask, count, failures } = modelOf(broken, always);
    expect(await ask()).toMatchObject({ by: "current" });
    expect(await count('tagsmith_trial_requests_total{role="candidate",outcome="failed"}')).toBe(1);
    expect(failures).toEqual([new Error("NaN")]);
  });

  it("whose threads die costs nobody an answer", async () => {
    const thread = () => new ModelThread(new URL("../test/crashing-thread.mjs", import.meta.url));
    const bundle = await tinyBundle();
    const first = thread();
    await first.open(bundle);
    const pool = await Pool.open(bundle, { first, size: 1, start: thread });
    const candidate = engineOf("candidate", { predict: (asked) => pool.predict(asked), close: () => pool.close() });
    const { ask, count, model } = modelOf(candidate, always);
    expect(await ask({ title: "crash", body: "" })).toMatchObject({ by: "current" });
    expect(await count('tagsmith_trial_requests_total{role="candidate",outcome="failed"}')).toBe(1);
    await eventually(() => pool.size).toBe(1);
    expect(await ask({ title: "fine", body: "" })).toMatchObject({ by: "candidate" });
    await model.close();
  });

  it("with enough to do leaves the rest to the version in use", async () => {
    const blocked = engineOf("candidate", { concurrency: 1, predict: () => new Promise(() => undefined) });
    const { ask, count } = modelOf(blocked, always);
    void ask();
    expect(await ask()).toMatchObject({ by: "current" });
    expect(await count('tagsmith_trial_requests_total{role="candidate",outcome="busy"}')).toBe(1);
  });

  it("is asked nothing that it can't read, nor what the version in use can't", async () => {
    const input = { kind: "floats" as const, name: "x", columns: ["a", "b"] };
    const readingRows = (engine: Engine) => ({ ...engine, manifest: { ...engine.manifest, input } });
    const [current, candidate] = [engineOf("current"), engineOf("candidate")];
    expect(await modelOf(readingRows(candidate), always, current).ask()).toMatchObject({ by: "current" });
    expect(await modelOf(candidate, always, readingRows(current)).ask()).toMatchObject({ by: "current" });
  });

  it.each([
    ["can't read", new BundleError("invalid_row", 'column "a" is of int64, and found null')],
    ["makes nothing of", new BundleError("invalid_output", "expected probabilities, found NaN")],
  ])("that %s a row leaves it to the version in use, and is to blame where that one answers", async (_, error) => {
    const unreadable = { predict: () => Promise.reject(error) };
    const answering = modelOf(rowsEngine("candidate", unreadable), always, rowsEngine("current"));
    expect(await askRow(answering)).toEqual([Float32Array.of(0.75)]);
    expect(await failedOf(answering)).toEqual({ candidate: 1, current: 0 });
    expect(answering.failures).toEqual([error]);
    const refusing = modelOf(rowsEngine("candidate", unreadable), always, rowsEngine("current", unreadable));
    await expect(askRow(refusing)).rejects.toMatchObject({ code: "invalid_input" });
    expect(await failedOf(refusing)).toEqual({ candidate: 0, current: 0 });
    expect(refusing.failures).toEqual([]);
  });

  it("refuses nobody what the version in use answers, as an explanation of a tag that it doesn't know", async () => {
    const { model } = modelOf(engineOf("candidate"), always);
    const explained = (tag: string) => {
      const asked = { title: "Any question", body: "", tags: [tag] };
      return model.lease((engine) => explain(engine, asked), {}, [asked]);
    };
    expect(await explained("current")).toMatchObject({ explanations: [{ tag: "current" }] });
    expect(await explained("candidate")).toMatchObject({ explanations: [{ tag: "candidate" }] });
  });

  it("is not to blame for what was asked wrongly", async () => {
    const { model, failures } = modelOf(engineOf("candidate"), always);
    const wrong = new ServiceError("invalid_input", "No such tag.");
    await expect(model.lease(() => Promise.reject(wrong), {}, questions)).rejects.toBe(wrong);
    // A tag that only the version in use knows is explained by that.
    const explain = ({ manifestSha256: by }: Engine) =>
      by === "current" ? Promise.resolve(by) : Promise.reject(wrong);
    expect(await model.lease(explain, {}, questions)).toBe("current");
    expect(failures).toEqual([]);
  });

  it("is not to blame for who left before the answer", async () => {
    const gone = new ServiceError("client_gone", "The client left before its answer.");
    const { ask, count, failures } = modelOf(engineOf("candidate", { predict: () => Promise.reject(gone) }), always);
    await expect(ask()).rejects.toBe(gone);
    expect(await count('tagsmith_trial_requests_total{role="candidate",outcome="failed"}')).toBe(0);
    expect(failures).toEqual([]);
  });
});

describe("the end of a trial", () => {
  it("closes the candidate once its requests have ended, and takes its figures away", async () => {
    let release = (): void => undefined;
    let isClosed = false;
    const predict = () => new Promise<Float32Array[]>((resolve) => (release = () => resolve([Float32Array.of(0.9)])));
    const close = () => Promise.resolve(void (isClosed = true));
    const { model, ask, count } = modelOf(engineOf("candidate", { predict, close }), always);
    const inFlight = ask();
    const ended = model.endTrial();
    expect(await ask()).toMatchObject({ by: "current" });
    expect(isClosed).toBe(false);
    release();
    expect(await inFlight).toMatchObject({ by: "candidate" });
    await ended;
    expect(isClosed).toBe(true);
    expect(await count('tagsmith_trial_requests_total{role="candidate",outcome="answered"}')).toBe(0);
  });

  it("by promotion has the candidate answer all, without being opened again", async () => {
    let isClosed = false;
    const current = engineOf("current", { close: () => Promise.resolve(void (isClosed = true)) });
    const { model, ask } = modelOf(engineOf("candidate", { concurrency: 7 }), { mode: "shadow", share: 1 }, current);
    expect(await ask()).toMatchObject({ by: "current" });
    await model.promoteCandidate();
    expect(await ask()).toMatchObject({ by: "candidate" });
    expect(isClosed).toBe(true);
    expect(model.admission.permits).toBe(7);
  });

  it("leaves what is answered later out of the next one's figures, and doesn't ask who has been closed", async () => {
    let release = (): void => undefined;
    const predict = () => new Promise<Float32Array[]>((resolve) => (release = () => resolve([Float32Array.of(0.9)])));
    const shadow = { mode: "shadow", share: 1 } as const;
    const closed = engineOf("candidate", { predict: () => Promise.reject(new Error("closed")) });
    const { model, trial, failures, ask, count } = modelOf(closed, shadow, engineOf("current", { predict }));
    const inFlight = ask();
    await model.endTrial();
    model.try(engineOf("next"), trial);
    release();
    expect(await inFlight).toMatchObject({ by: "current" });
    await nextTurn(); // in which the candidate would be asked
    expect(await count('tagsmith_trial_comparisons_total{outcome="dropped"}')).toBe(0);
    expect(failures).toEqual([]);
  });

  it("leaves what fails later out of the next one's figures", async () => {
    let fail = (): void => undefined;
    const predict = () => new Promise<never>((_, reject) => (fail = () => reject(new Error("late"))));
    const { model, trial, ask, count } = modelOf(engineOf("candidate", { predict }), always);
    const inFlight = ask();
    const ended = model.endTrial();
    model.try(engineOf("next"), trial);
    fail();
    expect(await inFlight).toMatchObject({ by: "current" });
    await ended;
    expect(await count('tagsmith_trial_requests_total{role="candidate",outcome="failed"}')).toBe(0);
  });

  it("has a shadow asked nothing more of what waits for it, and what it still answers is not counted", async () => {
    const asked: (() => void)[] = [];
    const predict = () => new Promise<Float32Array[]>((answer) => asked.push(() => answer([Float32Array.of(0.9)])));
    const { model, ask, count } = modelOf(engineOf("candidate", { predict }), { mode: "shadow", share: 1 });
    await Promise.all([ask(), ask(), ask()]);
    await eventually(() => asked.length).toBe(1);
    const ended = model.endTrial();
    asked[0]?.();
    await ended;
    await nextTurn(); // in which the next one would be asked
    await nextTurn();
    expect(asked).toHaveLength(1);
    expect(await count('tagsmith_trial_comparisons_total{outcome="compared"}')).toBe(0);
  });

  it("under other terms keeps the candidate open", async () => {
    let isClosed = false;
    const candidate = engineOf("candidate", { close: () => Promise.resolve(void (isClosed = true)) });
    const { model, trial, ask } = modelOf(candidate, { mode: "shadow", share: 1 });
    expect(await ask()).toMatchObject({ by: "current" });
    model.try(candidate, { ...trial, terms: always });
    expect(await ask()).toMatchObject({ by: "candidate" });
    expect(isClosed).toBe(false);
  });
});

function rowsEngine(name: string, own: Partial<Engine> = {}): Engine {
  const engine = engineOf(name, { predict: () => Promise.resolve([Float32Array.of(0.75)]), ...own });
  return { ...engine, manifest: { ...engine.manifest, input: { kind: "floats", name: "x", columns: ["a"] } } };
}

const askRow = ({ model }: ReturnType<typeof modelOf>) =>
  model.lease((engine) => askRows(engine, [[null]]), {}, [{ floats: [null] }]);

async function failedOf({ count }: ReturnType<typeof modelOf>) {
  const failed = (role: string) => count(`tagsmith_trial_requests_total{role="${role}",outcome="failed"}`);
  return { candidate: await failed("candidate"), current: await failed("current") };
}
