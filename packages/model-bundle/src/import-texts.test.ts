import type { onnx as Onnx } from "onnx-proto";
import { describe, expect, it } from "vitest";
import { node, integers, STRING, tensor } from "../test/onnx-model.ts";
import { answers, imported, outputOf, sideBySide, type Foreign } from "../test/imports.ts";

const known = { "a title": 0.25, "a body": 0.75, "a title\na body": 0.5 };

/** Answers a text by what it is, which shows what a model was given. */
const lookUp = (input: string, output: string) => ({
  ...node("LabelEncoder", [input], output),
  domain: "ai.onnx.ml",
  attribute: [
    { name: "keys_strings", type: 8, strings: Object.keys(known).map((key) => Buffer.from(key)) },
    { name: "values_floats", type: 6, floats: Object.values(known) },
    { name: "default_float", type: 1, f: 1 },
  ],
});

const oneText = (dims: (string | number)[]): Onnx.IGraphProto => ({
  name: "text",
  input: [tensor("text", STRING, dims)],
  output: outputOf(1),
  initializer: [integers("column", [-1, 1])],
  node: [lookUp("text", "found"), node("Reshape", ["found", "column"], "y")],
});

const shapeless = {
  ...oneText(["N"]),
  input: [{ name: "text", type: { tensorType: { elemType: STRING } } }],
};

const table = (columns: number): Onnx.IGraphProto => ({
  name: "table",
  input: [tensor("table", STRING, ["N", columns])],
  output: outputOf(columns),
  node: [lookUp("table", "y")],
});

const texts = (names: [string, string]): Onnx.IGraphProto => ({
  name: "texts",
  input: names.map((name) => tensor(name, STRING, ["N", 1])),
  output: outputOf(2),
  node: [
    ...names.map((name) => lookUp(name, `${name} found`)),
    sideBySide(
      names.map((name) => `${name} found`),
      "y",
    ),
  ],
});

const question = { title: "a title", body: "a body" };

describe("a model of texts", () => {
  it.each<[string, Foreign, number[]]>([
    ["of one axis reads the fields joined", { graph: oneText(["N"]) }, [0.5]],
    ["of no shape reads the fields joined", { graph: shapeless }, [0.5]],
    ["for one question reads it", { graph: oneText([1, 1]) }, [0.5]],
    ["of a table reads a field a column", { graph: table(2) }, [0.25, 0.75]],
    [
      "of a table reads the fields in the order that is told",
      { graph: table(2), fields: ["body", "title"] },
      [0.75, 0.25],
    ],
    ["of many inputs reads the fields that they are called by", { graph: texts(["body", "Title"]) }, [0.75, 0.25]],
    [
      "of inputs of other names reads what is told",
      { graph: texts(["x", "y1"]), fields: ["title", "body"] },
      [0.25, 0.75],
    ],
  ])("%s", async (_, foreign, expected) => {
    const bundle = await imported({ golden: [{ ...question, probabilities: expected }], ...foreign });
    expect(await answers(bundle, [question, question])).toEqual([expected, expected]);
  });

  it.each<[string, Foreign, string]>([
    [
      "a table of more columns than fields",
      { graph: table(3) },
      'the model reads 3 texts, "table" string[-1,3]: say with --fields',
    ],
    ["inputs of unknown names", { graph: texts(["x", "body"]) }, "say with --fields what each is, not only body"],
    ["more fields than inputs", { graph: texts(["x", "z"]), fields: ["title"] }, "not only title"],
  ])("is refused with %s", async (_, foreign, message) => {
    await expect(imported(foreign)).rejects.toThrow(message);
  });
});
