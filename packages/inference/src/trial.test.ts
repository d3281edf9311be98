import type { Question } from "@tagsmith/features/question";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import type { TrialTerms } from "@tagsmith/model-bundle/trial";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { fakeEngine } from "../test/fake-model.ts";
import { eventually } from "../test/eventually.ts";
import { ServiceError } from "./errors.ts";
import type { Engine } from "./model-access.ts";
import { ModelThread } from "./model-thread.ts";
import { Pool } from "./pool.ts";
import { ServedModel } from "./served-model.ts";
import { TrialFigures } from "./trial-figures.ts";

const questions = Array.from({ length: 2_000 }, (_, n) => ({ title: `question ${n}`, body: "" }));

/** An engine that gives the one tag it knows. */
function engineOf(tag: string, own: Partial<Engine> = {}): Engine {
  const engine = fakeEngine({ labels: [tag], thresholds: [0.5], probabilitiesOf: () => [0.9] });
  return { ...engine, manifestSha256: tag, concurrency: 64, ...own };
}

interface Answered {
  readonly by: string;
  readonly row: Float32Array | undefined;
}

function modelOf(candidate: Engine, terms: TrialTerms, current = engineOf("current")) {
  const registry = new Registry();
  const model = new ServedModel({ queue: 1_000, deadlineMs: 10_000 });
  const failures: unknown[] = [];
  const trial = {
    terms,
    figures: new TrialFigures(registry),
    onFailure: (_engine: Engine, error: unknown) => failures.push(error),
  };
  void model.serve(current);
  model.try(candidate, trial);
  const ask = (question: Question = { title: "Any question", body: "" }): Promise<Answered> =>
    model.lease(async (engine) => ({ by: engine.manifestSha256, row: (await engine.predict([question]))[0] }), {}, [
      question,
    ]);
  const count = async (metric: string) => {
    const line = (await registry.metrics()).split("\n").find((one) => one.startsWith(`${metric} `));
    return Number(line?.split(" ").at(-1) ?? 0);
  };
  return { model, trial, failures, ask, count };
}

const always = { mode: "canary", share: 1 } as const;

async function whoAnswers({ ask }: ReturnType<typeof modelOf>): Promise<string[]> {
  const answered = [];
  for (const question of questions) answered.push((await ask(question)).by);
  return answered;
}

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

  it("is asked nothing that it can't read", async () => {
    const candidate = engineOf("candidate");
    const input = { kind: "floats" as const, name: "x", columns: ["a", "b"] };
    const rows = { ...candidate, manifest: { ...candidate.manifest, input } };
    expect(await modelOf(rows, always).ask()).toMatchObject({ by: "current" });
  });

  it("is not to blame for what was asked wrongly", async () => {
    const { model, failures } = modelOf(engineOf("candidate"), always);
    const wrong = new ServiceError("invalid_input", "No such tag.");
    await expect(model.lease(() => Promise.reject(wrong), {}, questions)).rejects.toBe(wrong);
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

describe("a shadow", () => {
  const shadow = { mode: "shadow", share: 1 } as const;
  const compared = 'tagsmith_trial_comparisons_total{outcome="compared"}';
  const dropped = 'tagsmith_trial_comparisons_total{outcome="dropped"}';

  it("never answers, and is compared with what was answered", async () => {
    const { ask, count } = modelOf(engineOf("candidate"), shadow);
    expect(await ask()).toEqual({ by: "current", row: Float32Array.of(0.9) });
    await eventually(() => count(compared)).toBe(1);
    expect(await count('tagsmith_trial_agreement_total{measure="tags"}')).toBe(0);
    expect(await count('tagsmith_trial_agreement_total{measure="difference"}')).toBeCloseTo(0.9);
  });

  it("is asked its share of the questions", async () => {
    const asked: string[] = [];
    const predict: Engine["predict"] = ([question]) => {
      asked.push(question && "title" in question ? question.title : "");
      return Promise.resolve([Float32Array.of(0.9)]);
    };
    const trial = modelOf(engineOf("candidate", { predict }), { mode: "shadow", share: 0.25 });
    for (const question of questions.slice(0, 400)) await trial.ask(question);
    await eventually(() => trial.count(compared)).toBeGreaterThan(20);
    expect((await trial.count(compared)) + (await trial.count(dropped))).toBeLessThan(140); // of 400 a quarter
    const canary = modelOf(engineOf("candidate"), { mode: "canary", share: 0.25 });
    const picked = (await whoAnswers(canary)).map((by) => by === "candidate");
    expect(asked.filter((title) => !picked[Number(title.split(" ")[1])])).toEqual([]);
  });

  it("that answers nothing holds up no answer and keeps no more than a few questions", async () => {
    const blocked = engineOf("candidate", { predict: () => new Promise(() => undefined) });
    const { ask, count } = modelOf(blocked, shadow);
    for (const question of questions) expect(await ask(question)).toMatchObject({ by: "current" });
    expect(await count(dropped)).toBeGreaterThan(questions.length - 50);
  });

  it("that fails changes no answer, and its failures are counted", async () => {
    const broken = engineOf("candidate", { predict: () => Promise.reject(new Error("NaN")) });
    const { ask, count } = modelOf(broken, shadow);
    expect(await ask()).toMatchObject({ by: "current" });
    await eventually(() => count('tagsmith_trial_requests_total{role="candidate",outcome="failed"}')).toBe(1);
    expect(await ask()).toMatchObject({ by: "current" });
  });

  it("is not asked while requests wait", async () => {
    let asked = 0;
    const candidate = engineOf("candidate", { predict: () => Promise.resolve([Float32Array.of(++asked)]) });
    const { ask, count, model } = modelOf(candidate, shadow, engineOf("current", { concurrency: 1 }));
    let release = (): void => undefined;
    await ask();
    const held = model.lease(() => new Promise<void>((resolve) => (release = resolve)));
    const waits = ask();
    await eventually(() => count(dropped)).toBe(1);
    expect(asked).toBe(0);
    release();
    await Promise.all([held, waits]);
    await eventually(() => asked).toBe(1);
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

  it("leaves what is answered later out of the next one's figures", async () => {
    let release = (): void => undefined;
    const predict = () => new Promise<Float32Array[]>((resolve) => (release = () => resolve([Float32Array.of(0.9)])));
    const shadow = { mode: "shadow", share: 1 } as const;
    const { model, trial, ask, count } = modelOf(engineOf("candidate"), shadow, engineOf("current", { predict }));
    const inFlight = ask();
    await model.endTrial();
    model.try(engineOf("next"), trial);
    release();
    expect(await inFlight).toMatchObject({ by: "current" });
    expect(await count('tagsmith_trial_comparisons_total{outcome="dropped"}')).toBe(0);
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
