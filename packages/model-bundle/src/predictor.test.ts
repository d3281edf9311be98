import { describe, expect, it, vi } from "vitest";
import {
  constantModel,
  encodeModel,
  FLOAT,
  floats,
  INT32,
  INT64,
  logarithmModel,
  node,
  tensor,
} from "../test/onnx-model.ts";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { verifyFiles } from "./bundle-files.ts";
import type { Bundle } from "./bundle.ts";
import type { Manifest } from "./manifest.ts";
import { createPredictor } from "./predictor.ts";
import { Session } from "./session.ts";

const tiny = await tinyBundle();
const withManifest = (change: Partial<Manifest>): Bundle => ({ ...tiny, manifest: { ...tiny.manifest, ...change } });
const withFile = (path: string, bytes: Uint8Array): Promise<Bundle> =>
  tinyBundle({ extraFiles: new Map([[path, bytes]]) });

/** Two columns, which the model's may not be. */
async function floatsBundle(dims: readonly (string | number)[]): Promise<Bundle> {
  const { manifest, folder } = await withFile("model.onnx", logarithmModel(2, dims));
  const input = { kind: "floats", name: "x", columns: ["a", "b"] } as const;
  return { folder, manifest: { ...manifest, input: { ...input, columns: [...input.columns] }, output: "y" } };
}

const question = (title: string) => ({ title, body: "" });

describe("a predictor", () => {
  it("answers the golden examples that were computed without onnxruntime", async () => {
    await verifyFiles(tiny);
    const predictor = await createPredictor(tiny);
    await predictor.checkGolden();
    await predictor.close();
  });

  it("answers each question alike, alone or among others, however many", async () => {
    const predictor = await createPredictor(tiny);
    const titles = ["python", "javascript and c# and python", "nothing known", "c#"];
    const many = Array.from({ length: 150 }, (_, index) => question(titles[index % titles.length] ?? ""));
    const together = await predictor.predict(many);
    expect(together).toHaveLength(150);
    for (const [index, one] of many.slice(0, 4).entries()) {
      const [alone] = await predictor.predict([one]);
      for (const row of [together[index], together[index + 144]]) {
        expect(row).toHaveLength(3);
        row?.forEach((value, column) => expect(value).toBeCloseTo(alone?.[column] ?? Number.NaN, 6));
      }
    }
    await predictor.close();
  });

  it("answers two questions in their order, the longer one first or last", async () => {
    const predictor = await createPredictor(tiny);
    const pair = [question("javascript and c# and python"), question("python")];
    const inOrder = await predictor.predict(pair);
    const reversed = await predictor.predict(pair.toReversed());
    expect(inOrder).toEqual(reversed.toReversed());
    await predictor.close();
  });

  it("answers nothing to no questions", async () => {
    const predictor = await createPredictor(tiny);
    expect(await predictor.predict([])).toEqual([]);
    await predictor.close();
  });

  it.each<[number, string]>([
    [0.25, "should be 0.25 and is 0.98"],
    [1, "should be 1 and is 0.98"],
  ])("says which golden answer is not met, by its label, and by how much: %d", async (probability, found) => {
    const [, ...others] = tiny.manifest.golden.examples;
    const wrong = { title: "How to sort in python", body: "", probabilities: [probability, 0.5, 0.5] };
    const predictor = await createPredictor(
      withManifest({ golden: { tolerance: 1e-5, examples: [...others, wrong] } }),
    );
    await expect(predictor.checkGolden()).rejects.toMatchObject({
      code: "golden_mismatch",
      message: expect.stringContaining(`example 2 ("How to sort in python"): "python" ${found}`) as string,
    });
    await predictor.close();
  });

  it.each<[string, Bundle | Promise<Bundle>, string]>([
    ["bytes that are no model", withFile("model.onnx", Buffer.from("<html>")), "onnxruntime can't load the model: "],
    [
      "an output of another name",
      withManifest({ output: "scores" }),
      'output "scores": the model has none of that name, but "probabilities"',
    ],
    [
      "another number of labels",
      withManifest({ labels: ["a", "b"] }),
      'output "probabilities": expected float32[N,2], found float32[B,3]',
    ],
    [
      "an input of another name",
      withManifest({ input: { ...tiny.manifest.input, ids: "rows" } as Manifest["input"] }),
      'the model needs inputs that the manifest doesn\'t name: "ids"',
    ],
    [
      "a text manifest before a features model",
      withManifest({ input: { kind: "text", name: "ids", fields: ["title"] } }),
      'the model needs inputs that the manifest doesn\'t name: "weights"',
    ],
    [
      "ids of another type",
      withFile("model.onnx", constantModel([0, 0, 0], { idsType: INT64 })),
      'input "ids": expected int32[N,K], found int64[B,K]',
    ],
    [
      "a model that takes eight questions at a time",
      floatsBundle([8, 2]),
      'input "x": expected float32[N,2], found float32[8,2]; export it with open (dynamic) axes',
    ],
    [
      "a model that takes one length of questions",
      withFile("model.onnx", constantModel([0, 0, 0], { dims: ["B", 128] })),
      'input "ids": expected int32[N,K], found int32[B,128]; export it with open (dynamic) axes',
    ],
    ["rows of another length", floatsBundle(["N", 3]), 'input "x": expected float32[N,2], found float32[N,3]'],
    ["a malformed vocabulary", withFile("vocabulary.bin", Buffer.from("no")), "vocabulary.bin is not a vocabulary: "],
  ])("refuses %s", async (_, bundle, message) => {
    await expect(createPredictor(await bundle)).rejects.toMatchObject({
      code: "invalid_model",
      message: expect.stringContaining(message) as string,
    });
  });

  it("frees a model that it refuses", async () => {
    const freed = vi.spyOn(Session.prototype, "close");
    await expect(createPredictor(withManifest({ output: "scores" }))).rejects.toThrow("none of that name");
    expect(freed).toHaveBeenCalledTimes(1);
    freed.mockRestore();
  });

  it.each([
    ["NaN", [0, Number.NaN, 0], 'output "probabilities": expected probabilities, found NaN for "javascript"'],
    ["scores that are no probabilities", [0, 0, 4.5], 'expected probabilities, found 4.5 for "c#"'],
  ])("refuses to answer %s", async (_, answer, message) => {
    const predictor = await createPredictor(await withFile("model.onnx", constantModel(answer)));
    await expect(predictor.predict([question("python")])).rejects.toMatchObject({
      code: "invalid_output",
      message: expect.stringContaining(message) as string,
    });
    await predictor.close();
  });

  it("answers none beyond 0 and 1 where rounding carries the model a hair past them", async () => {
    const answer = [1 + 2 ** -23, -(2 ** -23), 0.5];
    const predictor = await createPredictor(await withFile("model.onnx", constantModel(answer)));
    for (const questions of [["python"], ["python", "c#"]])
      for (const row of await predictor.predict(questions.map(question))) expect([...row]).toEqual([1, 0, 0.5]);
    await predictor.close();
  });

  it.each<[NonNullable<Manifest["activation"]>, number[]]>([
    ["sigmoid", [0.8808, 0.5, 0.0474]],
    ["softmax", [0.8756, 0.1185, 0.0059]],
  ])("makes probabilities of scores by %s", async (activation, expected) => {
    const { manifest, folder } = await withFile("model.onnx", constantModel([2, 0, -3]));
    const predictor = await createPredictor({ folder, manifest: { ...manifest, activation } });
    for (const row of await predictor.predict([question("python"), question("c#")])) {
      expected.forEach((probability, column) => expect(row[column]).toBeCloseTo(probability, 4));
    }
    await predictor.close();
  });

  it.each([Number.NaN, Infinity])("refuses to make a probability of the score %d", async (score) => {
    const { manifest, folder } = await withFile("model.onnx", constantModel([2, score, -3]));
    const predictor = await createPredictor({ folder, manifest: { ...manifest, activation: "sigmoid" } });
    const message = `output "probabilities": expected finite scores, found ${score} for "javascript"`;
    await expect(predictor.predict([question("python")])).rejects.toThrow(message);
    await predictor.close();
  });

  it.each([
    ["weights", "[1,1]"],
    ["two rows", "[2,3]"],
  ])("refuses an answer of another shape than one row a question and one column a label: %s", async (source, found) => {
    const echo = encodeModel({
      name: "echo",
      input: [tensor("ids", INT32, ["B", "K"]), tensor("weights", FLOAT, ["B", "K"])],
      output: [tensor("probabilities", FLOAT, ["B", "K"])],
      initializer: [floats("two rows", [2, 3], [0, 0, 0, 0, 0, 0])],
      node: [node("Sigmoid", [source], "probabilities")],
    });
    const predictor = await createPredictor(await withFile("model.onnx", echo));
    await expect(predictor.predict([question("python")])).rejects.toThrow(
      `output "probabilities": expected [1,3], found ${found}`,
    );
    await predictor.close();
  });
});
