import type { onnx as Onnx } from "onnx-proto";
import { describe, expect, it } from "vitest";
import { BOOL, DOUBLE, FLOAT, FLOAT16, INT32, INT64, integers, node, tensor } from "../test/onnx-model.ts";
import { answers, imported, outputOf, sideBySide } from "../test/imports.ts";
import { readBundle } from "./bundle.ts";

const numbers = (type: Onnx.TensorProto.DataType, dims: (string | number)[]): Onnx.IGraphProto => ({
  name: "numbers",
  input: [tensor("x", type, dims)],
  output: outputOf(2, type),
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
  output: outputOf(2),
  node: [asFloats("rooms", "as floats"), sideBySide(["price", "as floats"], "y")],
};

const twoTables: Onnx.IGraphProto = {
  name: "two tables",
  input: [tensor("kinds", INT64, ["N", 2]), tensor("sizes", FLOAT, ["N", 1])],
  output: outputOf(3),
  node: [asFloats("kinds", "as floats"), sideBySide(["as floats", "sizes"], "y")],
};

const list: Onnx.IGraphProto = {
  name: "list",
  input: [tensor("width", FLOAT, ["N"]), tensor("length", FLOAT, ["N"])],
  output: outputOf(2),
  initializer: [integers("axis", [1])],
  node: [
    node("Unsqueeze", ["width", "axis"], "w"),
    node("Unsqueeze", ["length", "axis"], "l"),
    sideBySide(["w", "l"], "y"),
  ],
};

const frame: Onnx.IGraphProto = {
  name: "frame",
  input: [tensor("width", FLOAT, ["N", 1]), tensor("length", FLOAT, ["N", 1])],
  output: outputOf(2),
  node: [sideBySide(["width", "length"], "y")],
};

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
    ["of a tensor of one axis a column is asked for each", list],
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
