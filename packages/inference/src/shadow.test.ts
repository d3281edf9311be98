import { BundleError } from "@tagsmith/model-bundle/errors";
import { describe, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { engineOf, modelOf, questions, whoAnswers } from "../test/with-trial.ts";
import type { Engine } from "./model-access.ts";

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

  it.each([
    ["fails", new Error("NaN")],
    ["can't read what the version in use answered", new BundleError("invalid_row", "a column of int64")],
  ])("that %s changes no answer, and that is counted", async (_, error) => {
    const broken = engineOf("candidate", { predict: () => Promise.reject(error) });
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
