import type { Bundle } from "@tagsmith/model-bundle/bundle";
import type { GoldenExample } from "@tagsmith/model-bundle/manifest";
import { integerModel, logarithmModel } from "@tagsmith/model-bundle/test/onnx-model";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { describe, expect } from "vitest";
import { withService } from "../test/with-service.ts";

/** Of single precision. */
const largest = (2 - 2 ** -23) * 2 ** 127;

describe("a model of floats", () => {
  withService("answers rows in their order", { bundle: logarithms() }, async ({ ready, client, post }) => {
    await ready();
    const inputs = [
      [1, 2],
      [2.5, 1],
    ];
    const answer = await post("/api/v1/predict/floats", { inputs });
    const results = [
      { tags: ["b"], predictions: [closeTo("b", Math.log(2)), closeTo("a", 0)] },
      { tags: ["a"], predictions: [closeTo("a", Math.log(2.5)), closeTo("b", 0)] },
    ];
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { ml_model_metadata: expect.objectContaining({ name: "logarithms" }) as object, results },
    ]);
    expect(await client.predictFloats.mutate({ inputs })).toMatchObject({ results });
    expect(await client.model.current.query()).toMatchObject({ input_kind: "floats", columns: ["first", "second"] });
  });

  withService(
    "is told by each row of a wrong length and each number that it can't hold",
    { bundle: logarithms() },
    async ({ ready, post }) => {
      await ready();
      const details = async (inputs: unknown) => {
        const answer = await post("/api/v1/predict/floats", { inputs });
        expect(answer.status).toBe(422);
        return ((await answer.json()) as { detail: { loc: unknown[]; msg: string }[] }).detail;
      };
      expect(await details([[1, 2], [1], [1, 2, 3]])).toMatchObject([
        { loc: ["body", "inputs", 1], msg: "Input must have 2 floats, found 1" },
        { loc: ["body", "inputs", 2], msg: "Input must have 2 floats, found 3" },
      ]);
      expect(await details([[-1e39, 1e39]])).toEqual([
        {
          type: "greater_than_equal",
          loc: ["body", "inputs", 0, 0],
          msg: `Input should be greater than or equal to ${-largest}`,
        },
        {
          type: "less_than_equal",
          loc: ["body", "inputs", 0, 1],
          msg: `Input should be less than or equal to ${largest}`,
        },
      ]);
      expect(await details([[1, "1"]])).toEqual([
        { type: "float_type", loc: ["body", "inputs", 0, 1], msg: "Input should be a valid number" },
      ]);
      expect(await details([])).toMatchObject([{ loc: ["body", "inputs"] }]);
    },
  );

  withService(
    "tells whose rows have a missing number of which the model makes nothing",
    { bundle: logarithms() },
    async ({ ready, client, post }) => {
      await ready();
      const inputs = [
        [1, 2],
        [null, 2],
      ];
      const refused = await post("/api/v1/predict/floats", { inputs });
      const msg = "Input has null, and the model knows no missing numbers";
      expect([refused.status, await refused.json()]).toEqual([
        422,
        { detail: [{ type: "value_error", loc: ["body", "inputs", 1], msg }] },
      ]);
      await expect(client.predictFloats.mutate({ inputs })).rejects.toThrow(`inputs.1: ${msg}`);
    },
  );

  withService("is told which number its model can't read", { bundle: integers() }, async ({ ready, post }) => {
    await ready();
    const answers = [
      [1, 0],
      [1, 0.5],
    ].map((row) => post("/api/v1/predict/floats", { inputs: [row] }));
    const [good, bad] = await Promise.all(answers);
    expect(good?.status).toBe(200);
    const msg = 'Input can\'t be read: column "second" is of int64, and found 0.5';
    expect([bad?.status, await bad?.json()]).toEqual([
      422,
      { detail: [{ type: "value_error", loc: ["body", "inputs"], msg }] },
    ]);
  });

  withService(
    "refuses questions, for tags and for reasons",
    { bundle: logarithms() },
    async ({ ready, client, post }) => {
      await ready();
      const question = { title: "python" };
      for (const [path, body] of Object.entries({
        predict: question,
        "predict/batch": { questions: [question] },
        explain: question,
      })) {
        const refused = await post(`/api/v1/${path}`, body);
        expect([refused.status, await refused.json()]).toEqual([
          409,
          { code: "wrong_model", detail: expect.stringContaining("reads rows of 2 numbers, not questions") as string },
        ]);
      }
      await expect(client.predict.mutate(question)).rejects.toMatchObject({ data: { reason: "wrong_model" } });
    },
  );

  withService(
    "answers an error where it computes no number",
    { bundle: logarithms() },
    async ({ ready, post, log }) => {
      await ready();
      const answers = [
        [1, 2],
        [1, -1],
      ].map((row) => post("/api/v1/predict/floats", { inputs: [row] }));
      const [good, bad] = await Promise.all(answers);
      expect(good?.status).toBe(200);
      expect([bad?.status, await bad?.json()]).toEqual([
        500,
        { code: "internal", detail: expect.not.stringContaining("NaN") as string },
      ]);
      expect(log.join("")).toContain('expected probabilities, found NaN for \\"b\\"');
    },
  );
});

describe("a model of questions", () => {
  withService("refuses rows of floats", {}, async ({ ready, post }) => {
    await ready();
    const refused = await post("/api/v1/predict/floats", { inputs: [[1, 2]] });
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: "wrong_model" }]);
  });
});

const closeTo = (tag: string, confidence: number) => ({ tag, confidence: expect.closeTo(confidence, 5) as number });

/** The logarithm of each of two numbers. */
const logarithms = () => numbersBundle(logarithmModel(2), { floats: [1, 2], probabilities: [0, Math.log(2)] });

/** Each of two integers as it is. */
const integers = () => numbersBundle(integerModel(2), { floats: [1, 0], probabilities: [1, 0] });

async function numbersBundle(model: Uint8Array, example: GoldenExample): Promise<Bundle> {
  const extraFiles = new Map([["model.onnx", model]]);
  const { manifest, folder } = await tinyBundle({ name: "logarithms", labels: ["a", "b"], extraFiles });
  return {
    folder,
    manifest: {
      ...manifest,
      input: { kind: "floats", name: "x", columns: ["first", "second"] },
      output: "y",
      golden: { tolerance: 1e-6, examples: [example] },
    },
  };
}
