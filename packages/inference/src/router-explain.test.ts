import type { Question } from "@tagsmith/features/question";
import { asQuestions } from "@tagsmith/model-bundle/instance";
import { expect, it, vi } from "vitest";
import { fakeModel, wordEngine } from "../test/fake-model.ts";
import { limits } from "./limits.ts";
import type { Engine } from "./model-access.ts";
import { createCaller } from "./router.ts";
import { toServiceError } from "./wire-errors.ts";

const caller = createCaller({ model: fakeModel(wordEngine) });

/** A caller, and what its model was asked. */
function recording() {
  const asked: Question[] = [];
  const predict: Engine["predict"] = (questions) => {
    asked.push(...asQuestions(questions));
    return wordEngine.predict(questions);
  };
  return { asked, caller: createCaller({ model: fakeModel({ ...wordEngine, predict }) }) };
}

it("says of each word what leaving it out does to the tag's probability", async () => {
  const question = { title: "Sort a dataframe", body: "<p>by <b>two</b> columns</p>" };
  const { explanations, words } = await caller.explain(question);
  const [pandas] = explanations;
  expect(explanations.map(({ tag }) => tag)).toEqual(["pandas"]);
  expect(pandas?.words).toHaveLength(1);
  expect(pandas?.words[0]).toMatchObject({ text: "dataframe", spans: [{ field: "title", start: 7, end: 16 }] });
  expect(pandas?.words[0]?.drop).toBeCloseTo(0.35);
  expect(words.explained).toBe(words.total);
});

it("leaves out every occurrence of a word, whatever its case and field", async () => {
  const question = { title: "Python", body: "<p>in PYTHON and python</p>" };
  const { explanations } = await caller.explain({ ...question, tags: ["python"] });
  expect(explanations[0]?.words).toMatchObject([
    {
      drop: expect.closeTo(0.8) as number,
      spans: [
        { field: "title", start: 0, end: 6 },
        { field: "body", start: 6, end: 12 },
        { field: "body", start: 17, end: 23 },
      ],
    },
  ]);
});

it("leaves no blanks behind in a word's place, and never makes one word of two", async () => {
  const { asked, caller } = recording();
  const question = { title: "sort lists by dataframe", body: "lists, or\nsort[lists]lists" };
  await caller.explain(question);
  expect(asked.map(({ title, body }) => [title, body])).toEqual([
    ["sort lists by dataframe", "lists, or\nsort[lists]lists"],
    ["lists by dataframe", "lists, or\n[lists]lists"],
    ["sort by dataframe", ", or\nsort[ ]"],
    ["sort lists dataframe", "lists, or\nsort[lists]lists"],
    ["sort lists by", "lists, or\nsort[lists]lists"],
    ["sort lists by dataframe", "lists,\nsort[lists]lists"],
  ]);
});

it("tells a word's place in the title as given, and predicts what `predict` does of it", async () => {
  const { asked, caller } = recording();
  const title = `\n  Sort a dataframe${" ".repeat(limits.titleCharacters)}`;
  const { explanations } = await caller.explain({ title });
  expect(explanations[0]?.words).toMatchObject([
    { text: "dataframe", spans: [{ field: "title", start: 10, end: 19 }] },
  ]);
  expect(asked[0]).toEqual({ title: "Sort a dataframe", body: "" });
});

it.each([
  ["", "string_too_short"],
  [" \n ", "string_too_short"],
  [` ${"t".repeat(limits.titleCharacters + 1)} `, "string_too_long"],
  [5, "string_type"],
  [undefined, "missing"],
])("refuses the titles that `predict` refuses, in its words: %j", async (title, type) => {
  const refusals = [caller.predict({ title } as never), caller.explain({ title } as never)].map((call) =>
    call.catch(toServiceError),
  );
  const [predict, explain] = await Promise.all(refusals);
  expect(explain).toMatchObject({ code: "invalid_input", fields: [{ type, loc: ["body", "title"] }] });
  expect(explain).toEqual(predict);
});

it("explains tags on request and refuses one that the model doesn't know", async () => {
  await expect(caller.explain({ title: "cooking", tags: ["javascript"] })).resolves.toMatchObject({
    explanations: [{ tag: "javascript", words: [] }],
  });
  const error = await caller.explain({ title: "cooking", tags: ["python", "basil"] }).catch(toServiceError);
  expect(error).toMatchObject({ code: "invalid_input", fields: [{ type: "enum", loc: ["body", "tags", 1] }] });
});

it("explains the earliest words only of a question with very many, and says so", async () => {
  const body = Array.from({ length: 300 }, (_, n) => `word${n}`).join(" ");
  const { words } = await caller.explain({ title: "python", body });
  expect(words).toEqual({ total: 301, explained: limits.explainedWords });
});

it("asks a heavy model about as many words as there is time for", async () => {
  const heavy = { ...wordEngine, runMs: limits.explainedMs / 2 };
  const { words } = await createCaller({ model: fakeModel(heavy) }).explain({ title: "sort a list in python" });
  expect(words).toEqual({ total: 5, explained: 2 });
});

it("asks a heavy model about fewer words where such a question takes it longer than the one it was measured by", async () => {
  const clock = vi.spyOn(performance, "now").mockReturnValue(0);
  const predict: typeof wordEngine.predict = (questions) => {
    clock.mockReturnValue(performance.now() + (questions.length * limits.explainedMs) / 3);
    return wordEngine.predict(questions);
  };
  const heavy = { ...wordEngine, runMs: 5, predict };
  const { words } = await createCaller({ model: fakeModel(heavy) }).explain({ title: "sort a list in python" });
  clock.mockRestore();
  expect(words).toEqual({ total: 5, explained: 3 });
});
