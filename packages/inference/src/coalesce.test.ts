import type { Question } from "@tagsmith/features/question";
import { asQuestions } from "@tagsmith/model-bundle/instance";
import { expect, test } from "vitest";
import { coalesceMessages, coalesceTurns } from "./coalesce.ts";

const asked = (...titles: string[]): Question[] => titles.map((title) => ({ title, body: "" }));

/** Answers each question with its title's number, and remembers what it was asked at once. */
function recorder(coalesce = coalesceTurns) {
  const runs: string[][] = [];
  const predict = coalesce((instances) => {
    const questions = asQuestions(instances);
    runs.push(questions.map(({ title }) => title));
    if (questions.some(({ title }) => title === "bad")) return Promise.reject(new Error("a bad question"));
    return Promise.resolve(questions.map(({ title }) => Float32Array.of(Number(title))));
  });
  return { runs, predict };
}

test("what is asked in one turn is asked together, and each gets its own answers in their order", async () => {
  const { runs, predict } = recorder();
  const answers = await Promise.all([predict(asked("1")), predict(asked("2", "3")), predict([])]);
  expect(answers).toEqual([[Float32Array.of(1)], [Float32Array.of(2), Float32Array.of(3)], []]);
  expect(await predict(asked("4"))).toEqual([Float32Array.of(4)]);
  expect(runs).toEqual([["1", "2", "3"], ["4"]]);
});

test.each([coalesceTurns, coalesceMessages])(
  "a question that fails fails for its own asker only (%o)",
  async (coalesce) => {
    const { predict } = recorder(coalesce);
    const answers = await Promise.allSettled([predict(asked("1")), predict(asked("bad")), predict(asked("3"))]);
    expect(answers).toMatchObject([
      { status: "fulfilled", value: [Float32Array.of(1)] },
      { status: "rejected", reason: new Error("a bad question") },
      { status: "fulfilled", value: [Float32Array.of(3)] },
    ]);
  },
);

test("a turn takes no more questions than the event loop can bear; the rest follows in the next", async () => {
  const { runs, predict } = recorder();
  const many = Array.from({ length: 10 }, (_, ask) => predict(asked(...Array<string>(16).fill(String(ask)))));
  const answers = await Promise.all(many);
  expect(answers.map((rows) => rows[15]?.[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(runs.map(({ length }) => length)).toEqual([64, 64, 32]);
});

test("a thread is asked for what comes together once it has nothing to do, and meanwhile by eights", async () => {
  const { runs, predict } = recorder(coalesceMessages);
  const ask = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => predict(asked(String(from + at))));
  const first = ask(0, 2);
  await new Promise((resolve) => process.nextTick(resolve));
  expect(runs).toEqual([["0", "1"]]);
  const others = ask(2, 11);
  await Promise.all(first);
  const answers = await Promise.all([...first, ...others]);
  expect(answers.map(([row]) => row?.[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(runs.slice(1)).toEqual([["2", "3", "4", "5", "6", "7", "8", "9"], ["10"]]);
});

test("a thread is sent no more questions at once because many ask for several", async () => {
  const { runs, predict } = recorder(coalesceMessages);
  await Promise.all(["1", "2", "3", "4"].map((title) => predict(asked(...Array<string>(6).fill(title)))));
  expect(runs.map(({ length }) => length)).toEqual([6, 6, 6, 6]);
});
