import type { Question } from "@tagsmith/features/question";
import { asQuestions } from "@tagsmith/model-bundle/instance";
import { TRPCError } from "@trpc/server";
import { describe, expect, it, vi } from "vitest";
import { fakeEngine, fakeModel } from "../test/fake-model.ts";
import { ServiceError, type FieldError } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Engine } from "./model-access.ts";
import { createCaller } from "./router.ts";
import { toServiceError } from "./wire-errors.ts";

const engine = fakeEngine({
  labels: ["python", "pandas", "javascript"],
  thresholds: [0.5, 0.3, 0.5],
  probabilitiesOf: ({ title, body }) => {
    const text = `${title} ${body}`;
    return [text.includes("python") ? 0.9 : 0.1, text.includes("dataframe") ? 0.4 : 0.05, 0.2];
  },
});
const caller = createCaller({ model: fakeModel(engine) });

describe("predict", () => {
  it("answers the labels at or above their own threshold, best first, and the most confident ones beside them", async () => {
    const answer = await caller.predict({ title: "python dataframe", body: "" });
    expect(answer.tags).toEqual(["python", "pandas"]);
    expect(answer.predictions.map(({ tag }) => tag)).toEqual(["python", "pandas", "javascript"]);
    expect(answer.predictions[1]?.confidence).toBeCloseTo(0.4);
    expect(answer.ml_model_metadata).toEqual({
      name: "fake",
      version: "1",
      description: "A fake.",
      training_data: "none",
    });
  });

  it("answers no tags when the model is sure of none", async () => {
    expect(await caller.predict({ title: "cooking" })).toMatchObject({ tags: [] });
  });

  it("lists every predicted tag, however many there are", async () => {
    const labels = Array.from({ length: 30 }, (_, label) => `tag-${label}`);
    const sure = fakeEngine({
      labels,
      thresholds: labels.map(() => 0.5),
      probabilitiesOf: () => labels.map(() => 0.9),
    });
    const { tags, predictions } = await createCaller({ model: fakeModel(sure) }).predict({ title: "all" });
    expect(tags).toHaveLength(30);
    expect(predictions).toHaveLength(30);
  });

  it.each<[string, unknown, FieldError]>([
    ["no title", {}, { type: "missing", loc: ["body", "title"], msg: "Field required" }],
    ["a number", { title: 5 }, { type: "string_type", loc: ["body", "title"], msg: "Input should be a valid string" }],
    [
      "a blank title",
      { title: "   " },
      { type: "string_too_short", loc: ["body", "title"], msg: "String should have at least 1 character" },
    ],
    [
      "a title too long",
      { title: "t".repeat(limits.titleCharacters + 1) },
      { type: "string_too_long", loc: ["body", "title"], msg: "String should have at most 1000 characters" },
    ],
    [
      "a body too long",
      { title: "t", body: "b".repeat(limits.bodyCharacters + 1) },
      { type: "string_too_long", loc: ["body", "body"], msg: "String should have at most 100000 characters" },
    ],
    [
      "a body of null",
      { title: "t", body: null },
      { type: "string_type", loc: ["body", "body"], msg: "Input should be a valid string" },
    ],
    [
      "a text for an object",
      "text",
      { type: "model_attributes_type", loc: ["body"], msg: "Input should be a valid dictionary or object" },
    ],
  ])("refuses %s and names the field in FastAPI's words", async (_what, input, field) => {
    const error = await caller.predict(input as never).catch(toServiceError);
    expect(error).toMatchObject({ code: "invalid_input", status: 422, fields: [field] });
  });

  it("takes a title and a body of the longest length", async () => {
    const longest = { title: "t".repeat(limits.titleCharacters), body: "b".repeat(limits.bodyCharacters) };
    await expect(caller.predict(longest)).resolves.toMatchObject({ tags: [] });
  });
});

describe("predictBatch", () => {
  it("answers in the order of the questions", async () => {
    const { results } = await caller.predictBatch({
      questions: [{ title: "dataframe" }, { title: "python" }, { title: "cooking" }],
    });
    expect(results.map(({ tags }) => tags)).toEqual([["pandas"], ["python"], []]);
  });

  it("takes 256 questions and refuses none and 257", async () => {
    const batchOf = (length: number) => ({ questions: Array.from({ length }, () => ({ title: "python" })) });
    await expect(caller.predictBatch(batchOf(256))).resolves.toHaveProperty("results.length", 256);
    for (const [size, type] of [
      [0, "too_short"],
      [257, "too_long"],
    ] as const) {
      const error = await caller.predictBatch(batchOf(size)).catch(toServiceError);
      expect(error).toMatchObject({ fields: [{ type, loc: ["body", "questions"] }] });
    }
  });

  it("names the question whose field is wrong", async () => {
    const error = await caller.predictBatch({ questions: [{ title: "fine" }, {}] } as never).catch(toServiceError);
    expect(error).toMatchObject({ fields: [{ type: "missing", loc: ["body", "questions", 1, "title"] }] });
  });
});

describe("a list of a million that are wrong", () => {
  const many = (value: unknown) => Array.from({ length: 1_000_000 }, () => value);
  const rowsOf = (row: unknown[]) => Array.from({ length: 256 }, () => row);

  it.each<[string, () => Promise<unknown>, number]>([
    ["questions that are none", () => caller.predictBatch({ questions: many(0) } as never), 1],
    ["rows that are none", () => caller.predictFloats({ inputs: many(0) } as never), 1],
    ["numbers that are none", () => caller.predictFloats({ inputs: [many("1"), many(1e39), [1, null]] } as never), 258],
    ["numbers that are none in each row", () => caller.predictFloats({ inputs: rowsOf(many("1")) } as never), 511],
    ["tags that are none", () => caller.explain({ title: "python", tags: many(0) } as never), 1],
  ])("is refused by the first of them: %s", async (_what, ask, faults) => {
    const error = toServiceError(await ask().catch((cause: unknown) => cause));
    expect(error).toMatchObject({ code: "invalid_input" });
    expect(error.fields).toHaveLength(faults);
  });
});

describe("explain", () => {
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
    const asked: Question[] = [];
    const seen: Engine = {
      ...engine,
      predict: (questions) => (asked.push(...asQuestions(questions)), engine.predict(questions)),
    };
    const question = { title: "sort lists by dataframe", body: "lists, or\nsort[lists]lists" };
    await createCaller({ model: fakeModel(seen) }).explain(question);
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
    const asked: Question[] = [];
    const seen: Engine = {
      ...engine,
      predict: (questions) => (asked.push(...asQuestions(questions)), engine.predict(questions)),
    };
    const title = `\n  Sort a dataframe${" ".repeat(limits.titleCharacters)}`;
    const { explanations } = await createCaller({ model: fakeModel(seen) }).explain({ title });
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
    const heavy = { ...engine, runMs: limits.explainedMs / 2 };
    const { words } = await createCaller({ model: fakeModel(heavy) }).explain({ title: "sort a list in python" });
    expect(words).toEqual({ total: 5, explained: 2 });
  });

  it("asks a heavy model about fewer words where such a question takes it longer than the one it was measured by", async () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    const predict: typeof engine.predict = (questions) => {
      clock.mockReturnValue(performance.now() + (questions.length * limits.explainedMs) / 3);
      return engine.predict(questions);
    };
    const heavy = { ...engine, runMs: 5, predict };
    const { words } = await createCaller({ model: fakeModel(heavy) }).explain({ title: "sort a list in python" });
    clock.mockRestore();
    expect(words).toEqual({ total: 5, explained: 3 });
  });
});

describe("the model", () => {
  it("is told with its hash, labels, thresholds and metrics", async () => {
    await expect(caller.model.current()).resolves.toMatchObject({
      name: "fake",
      manifest_sha256: "f".repeat(64),
      input_kind: "features",
      labels: ["python", "pandas", "javascript"],
      thresholds: [0.5, 0.3, 0.5],
    });
    await expect(caller.models()).resolves.toEqual({
      name: "fake",
      version: "1",
      description: "A fake.",
      training_data: "none",
    });
  });
});

it("is healthy without a model, and says that it isn't ready where one is needed", async () => {
  const notReady = new ServiceError("not_ready", "The model is still loading.", { retryAfterSeconds: 1 });
  const waiting = createCaller({
    model: {
      current: () => {
        throw notReady;
      },
      admit: () => {
        throw notReady;
      },
      lease: () => Promise.reject(notReady),
    },
  });
  await expect(waiting.health()).resolves.toBe("Service healthy!");
  for (const call of [waiting.predict({ title: "t" }), waiting.models(), waiting.model.current()]) {
    expect(toServiceError(await call.catch((error: unknown) => error))).toBe(notReady);
  }
});

it("keeps what it doesn't know of an error to itself", () => {
  const secret = new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: new Error("s3://secret-bucket") });
  const known = toServiceError(secret);
  expect(known.code).toBe("internal");
  expect(known.message).not.toContain("secret");
});
