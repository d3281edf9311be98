import { writeFile } from "node:fs/promises";
import type { onnx as Onnx } from "onnx-proto";
import { describe, expect, it } from "vitest";
import {
  BOOL,
  encodeModel,
  DOUBLE,
  FLOAT,
  FLOAT16,
  INT32,
  INT64,
  integers,
  node,
  STRING,
  tensor,
} from "../test/onnx-model.ts";
import { freshFolder, options } from "../test/imports.ts";
import { readBundle } from "./bundle.ts";
import { importModel, type ImportOptions } from "./import.ts";
import type { Instance } from "./instance.ts";
import { createPredictor } from "./predictor.ts";

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

/** Tensors of one column each, side by side. */
const sideBySide = (inputs: string[], output: string) => ({
  ...node("Concat", inputs, output),
  attribute: [{ name: "axis", type: 2, i: 1 }],
});

const output = (labels: number, type: Onnx.TensorProto.DataType = FLOAT) => [tensor("y", type, ["N", labels])];

const oneText = (dims: (string | number)[]): Onnx.IGraphProto => ({
  name: "text",
  input: [tensor("text", STRING, dims)],
  output: output(1),
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
  output: output(columns),
  node: [lookUp("table", "y")],
});

const texts = (names: [string, string]): Onnx.IGraphProto => ({
  name: "texts",
  input: names.map((name) => tensor(name, STRING, ["N", 1])),
  output: output(2),
  node: [
    ...names.map((name) => lookUp(name, `${name} found`)),
    sideBySide(
      names.map((name) => `${name} found`),
      "y",
    ),
  ],
});

const numbers = (type: Onnx.TensorProto.DataType, dims: (string | number)[]): Onnx.IGraphProto => ({
  name: "numbers",
  input: [tensor("x", type, dims)],
  output: output(2, type),
  node: [node("Identity", ["x"], "y")],
});

const asFloats = (input: string, output: string) => ({
  ...node("Cast", [input], output),
  attribute: [{ name: "to", type: 2, i: FLOAT }],
});

/** Numbers of another type, as floats. */
const cast = (type: Onnx.TensorProto.DataType): Onnx.IGraphProto => ({
  ...numbers(FLOAT, ["N", 2]),
  input: [tensor("x", type, ["N", 2])],
  node: [asFloats("x", "y")],
});

const mixedFrame: Onnx.IGraphProto = {
  name: "mixed frame",
  input: [tensor("price", FLOAT, ["N", 1]), tensor("rooms", INT64, ["N", 1])],
  output: output(2),
  node: [asFloats("rooms", "as floats"), sideBySide(["price", "as floats"], "y")],
};

const twoTables: Onnx.IGraphProto = {
  name: "two tables",
  input: [tensor("kinds", INT64, ["N", 2]), tensor("sizes", FLOAT, ["N", 1])],
  output: output(3),
  node: [asFloats("kinds", "as floats"), sideBySide(["as floats", "sizes"], "y")],
};

const frame: Onnx.IGraphProto = {
  name: "frame",
  input: [tensor("width", FLOAT, ["N", 1]), tensor("length", FLOAT, ["N", 1])],
  output: output(2),
  node: [sideBySide(["width", "length"], "y")],
};

interface Foreign extends Partial<ImportOptions> {
  readonly graph: Onnx.IGraphProto;
}

async function imported({ graph, ...change }: Foreign) {
  const onnx = `${freshFolder()}.onnx`;
  await writeFile(onnx, encodeModel(graph));
  const labels = ["a", "b", "c"].slice(0, Number(graph.output?.[0]?.type?.tensorType?.shape?.dim?.[1]?.dimValue));
  return importModel({ ...options, onnx, labels, folder: freshFolder(), ...change });
}

async function answers(bundle: Awaited<ReturnType<typeof imported>>, instances: readonly Instance[]) {
  const predictor = await createPredictor(bundle);
  const rows = await predictor.predict(instances);
  await predictor.close();
  return rows.map((row) => [...row]);
}

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

describe("a model of numbers", () => {
  const rows = [
    [0.25, 0.5],
    [0.5, 0.75],
    [0, 1],
  ].map((floats) => ({ floats }));

  it.each<[string, Onnx.IGraphProto]>([
    ["for one row answers many", numbers(FLOAT, [1, 2])],
    ["of doubles is asked for them", numbers(DOUBLE, ["N", 2])],
    ["of a tensor a column is asked for each", frame],
    ["of half precision is asked for it, and answers it", numbers(FLOAT16, ["N", 2])],
  ])("%s", async (_, graph) => {
    const bundle = await imported({ graph, golden: [{ floats: [0, 1], probabilities: [0, 1] }] });
    expect(await answers(bundle, rows)).toEqual(rows.map(({ floats }) => floats));
  });

  it("of a tensor a column has the names of these for its columns", async () => {
    const golden = [{ floats: [0, 1], probabilities: [0, 1] }];
    const { manifest } = await imported({ graph: frame, golden });
    expect(manifest.input).toMatchObject({ columns: ["width", "length"] });
    const renamed = await imported({ graph: frame, golden, columns: ["w", "l"] });
    expect(renamed.manifest.input).toMatchObject({ name: ["width", "length"], columns: ["w", "l"] });
    await expect(imported({ graph: frame, columns: ["w"] })).rejects.toThrow(
      "the model has 2 inputs of 2 columns, but 1 are named",
    );
  });

  it.each<[string, Onnx.IGraphProto]>([
    ["64-bit integers", cast(INT64)],
    ["32-bit integers", cast(INT32)],
    ["truths", cast(BOOL)],
    ["floats and integers", mixedFrame],
  ])("of %s is asked for them", async (_, graph) => {
    const bundle = await imported({ graph, golden: [{ floats: [0, 1], probabilities: [0, 1] }] });
    const asked = [
      [1, 0],
      [0, 0],
    ];
    expect(
      await answers(
        bundle,
        asked.map((floats) => ({ floats })),
      ),
    ).toEqual(asked);
  });

  it.each<[string, { graph: Onnx.IGraphProto; floats: (number | null)[]; message: string }]>([
    ["a fraction", { graph: cast(INT64), floats: [1, 0.5], message: 'column "x1" is of int64, and found 0.5' }],
    [
      "too large a number",
      { graph: cast(INT32), floats: [2 ** 31, 0], message: 'column "x0" is of int32, and found 2147483648' },
    ],
    [
      "a number beyond what JavaScript tells apart",
      { graph: cast(INT64), floats: [2 ** 53, 0], message: "found 9007199254740992" },
    ],
    [
      "a missing number among integers",
      { graph: mixedFrame, floats: [0.5, null], message: 'column "rooms" is of int64, and found null' },
    ],
    ["a missing truth", { graph: cast(BOOL), floats: [null, 1], message: 'column "x0" is of bool, and found null' }],
  ])("names the column of %s", async (_, { graph, floats, message }) => {
    const bundle = await imported({ graph, golden: [{ floats: [0, 1], probabilities: [0, 1] }] });
    await expect(answers(bundle, [{ floats: [0, 1] }, { floats }])).rejects.toMatchObject({
      code: "invalid_row",
      message: expect.stringContaining(message) as string,
    });
  });

  it("of several columns in one of its tensors is asked for each of them", async () => {
    const bundle = await imported({ graph: twoTables, golden: [{ floats: [1, 0, 0.5], probabilities: [1, 0, 0.5] }] });
    expect((await readBundle(bundle.folder)).manifest.input).toMatchObject({
      name: ["kinds", "kinds", "sizes"],
      columns: ["kinds0", "kinds1", "sizes"],
    });
    const asked = [
      [0, 1, 0.25],
      [1, 1, 0.75],
    ];
    const instances = asked.map((floats) => ({ floats }));
    expect(await answers(bundle, instances)).toEqual(asked);
    await expect(answers(bundle, [{ floats: [0, 0.5, 0] }])).rejects.toThrow('column "kinds1" is of int64');
  });

  it("that knows missing numbers is asked with them, in its recorded answers, too", async () => {
    const graph: Onnx.IGraphProto = {
      ...numbers(FLOAT, ["N", 2]),
      node: [node("IsNaN", ["x"], "missing"), asFloats("missing", "y")],
    };
    const bundle = await imported({ graph, golden: [{ floats: [null, 0], probabilities: [1, 0] }] });
    expect((await readBundle(bundle.folder)).manifest.golden.examples).toEqual(bundle.manifest.golden.examples);
    expect(await answers(bundle, [{ floats: [0, null] }])).toEqual([[0, 1]]);
  });

  it("that gives scores is refused with a word of what makes probabilities of them", async () => {
    const golden = [{ floats: [3, -2], probabilities: [0.5, 0.5] }];
    const hint = 'found 3 for "a"; where the output holds scores, give --activation';
    await expect(imported({ graph: numbers(FLOAT, ["N", 2]), golden })).rejects.toThrow(hint);
  });
});
