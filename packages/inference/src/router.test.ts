import { TRPCError } from "@trpc/server";
import { describe, expect, it } from "vitest";
import { fakeEngine, fakeModel, wordEngine } from "../test/fake-model.ts";
import { ServiceError, type FieldError } from "./errors.ts";
import { limits } from "./limits.ts";
import { createCaller } from "./router.ts";
import { toServiceError } from "./wire-errors.ts";

const caller = createCaller({ model: fakeModel(wordEngine) });

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
      {
        type: "model_attributes_type",
        loc: ["body"],
        msg: "Input should be a valid dictionary or object to extract fields from",
      },
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
      const inputs = Array.from({ length: size }, () => [1, null]);
      const rows = await caller.predictFloats({ inputs }).catch(toServiceError);
      expect(rows).toMatchObject({ fields: [{ type, loc: ["body", "inputs"] }] });
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
    ["numbers that are none", () => caller.predictFloats({ inputs: [many("1"), many(1e39), [1, true]] } as never), 258],
    ["numbers that are none in each row", () => caller.predictFloats({ inputs: rowsOf(many("1")) } as never), 511],
    ["tags that are none", () => caller.explain({ title: "python", tags: many(0) } as never), 1],
  ])("is refused by the first of them: %s", async (_what, ask, faults) => {
    const error = toServiceError(await ask().catch((cause: unknown) => cause));
    expect(error).toMatchObject({ code: "invalid_input" });
    expect(error.fields).toHaveLength(faults);
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
