import type { Question } from "@tagsmith/features/question";
import type { TrialTerms } from "@tagsmith/model-bundle/trial";
import { Registry } from "prom-client";
import type { Engine } from "../src/model-access.ts";
import { ServedModel } from "../src/served-model.ts";
import { TrialFigures } from "../src/trial-figures.ts";
import { fakeEngine } from "./fake-model.ts";

export const questions = Array.from({ length: 2_000 }, (_, n) => ({ title: `question ${n}`, body: "" }));

/** An engine that gives the one tag it knows. */
export function engineOf(tag: string, own: Partial<Engine> = {}): Engine {
  const engine = fakeEngine({ labels: [tag], thresholds: [0.5], probabilitiesOf: () => [0.9] });
  return { ...engine, manifestSha256: tag, concurrency: 64, ...own };
}

interface Answered {
  readonly by: string;
  readonly row: Float32Array | undefined;
}

/** A service with a candidate beside the model in use. */
export function modelOf(candidate: Engine, terms: TrialTerms, current = engineOf("current")) {
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

export const always = { mode: "canary", share: 1 } as const;

export async function whoAnswers({ ask }: ReturnType<typeof modelOf>): Promise<string[]> {
  const answered = [];
  for (const question of questions) answered.push((await ask(question)).by);
  return answered;
}
