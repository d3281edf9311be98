import { writeFile } from "node:fs/promises";
import type { onnx as Onnx } from "onnx-proto";
import { describe, expect, it } from "vitest";
import { encodeModel, FLOAT, INT64, integers, node, tensor } from "../test/onnx-model.ts";
import { freshFolder, options } from "../test/imports.ts";
import { importModel } from "./import.ts";
import { createPredictor } from "./predictor.ts";

const rows = [
  [0.25, 0.75],
  [0.5, 0.125],
  [0, 1],
];

/** Answers that are the two numbers of a row, by `nodes` and in the shape of `outputs`. */
const answering = (
  outputs: Onnx.IValueInfoProto[],
  nodes: Onnx.INodeProto[],
  initializer: Onnx.ITensorProto[] = [],
): Onnx.IGraphProto => ({
  name: "answers",
  input: [tensor("x", FLOAT, ["N", 2])],
  output: outputs,
  initializer,
  node: nodes,
});

const withAxis = (made: Onnx.INodeProto, axis: number) => ({
  ...made,
  attribute: [{ name: "axis", type: 2, i: axis }],
});

/** A row's numbers apart, as columns called "a" and "b". */
const apart = { ...withAxis(node("Split", ["x"], "a"), 1), output: ["a", "b"] };
const onlyFirst = [apart, node("Identity", ["a"], "y")];
const withoutAxis = (from: string, to: string) => node("Reshape", [from, "flat"], to);
const flat = integers("flat", [-1]);

/** "No" and "yes" of each column: the rest to 1, and what it is. */
const pairs = (from: string): Onnx.INodeProto[] => [
  node("Sub", ["one", from], `no ${from}`),
  withAxis(node("Concat", [`no ${from}`, from], `pair ${from}`), 1),
];
const one = { name: "one", dataType: FLOAT, dims: [1], floatData: [1] };
const sequence: Onnx.IValueInfoProto = {
  name: "y",
  type: { sequenceType: { elemType: { tensorType: { elemType: FLOAT } } } },
};
const bothPairs = [apart, ...pairs("a"), ...pairs("b")];
const threeOfFirst = withAxis(node("Concat", ["pair a", "a"], "three"), 1);

async function imported(graph: Onnx.IGraphProto, labels: string[]) {
  const onnx = `${freshFolder()}.onnx`;
  await writeFile(onnx, encodeModel(graph));
  const golden = [{ floats: [0.25, 0.5], probabilities: [0.25, 0.5].slice(0, labels.length) }];
  return importModel({ ...options, onnx, labels, golden, folder: freshFolder() });
}

describe("a model whose answers are no table", () => {
  it.each<[string, Onnx.IGraphProto]>([
    ["an output for each label", answering([tensor("a", FLOAT, ["N", 1]), tensor("b", FLOAT, ["N", 1])], [apart])],
    [
      "a number for each label",
      answering(
        [tensor("label", INT64, ["N"]), tensor("p", FLOAT, ["N"]), tensor("q", FLOAT, ["N"])],
        [apart, withoutAxis("a", "p"), withoutAxis("b", "q"), node("Shape", ["p"], "label")],
        [flat],
      ),
    ],
    [
      "a sequence with no and yes for each label",
      answering([sequence], [...bothPairs, node("SequenceConstruct", ["pair a", "pair b"], "y")], [one]),
    ],
    [
      "no and yes along a third axis",
      answering(
        [tensor("y", FLOAT, [2, "N", 2])],
        [
          ...bothPairs,
          node("Unsqueeze", ["pair a", "first"], "deep a"),
          node("Unsqueeze", ["pair b", "first"], "deep b"),
          withAxis(node("Concat", ["deep a", "deep b"], "y"), 0),
        ],
        [one, integers("first", [0])],
      ),
    ],
    [
      "a table, whatever columns stand beside it",
      answering(
        [tensor("y", FLOAT, ["N", 2]), tensor("a", FLOAT, ["N", 1]), tensor("b", FLOAT, ["N", 1])],
        [apart, node("Identity", ["x"], "y")],
      ),
    ],
    [
      "a table of no shape",
      answering([{ name: "y", type: { tensorType: { elemType: FLOAT } } }], [node("Identity", ["x"], "y")]),
    ],
  ])("answers a column a label, with %s", async (_, graph) => {
    const bundle = await imported(graph, ["first", "second"]);
    const predictor = await createPredictor(bundle);
    const found = await predictor.predict(rows.map((floats) => ({ floats })));
    await predictor.close();
    expect(found.map((row) => [...row])).toEqual(rows);
  });

  it.each<[string, Onnx.IGraphProto]>([
    ["a number", answering([tensor("y", FLOAT, ["N"])], [apart, withoutAxis("a", "y")], [flat])],
    ["a column", answering([tensor("y", FLOAT, ["N", 1])], onlyFirst)],
  ])("answers its only label, with %s a row", async (_, graph) => {
    const bundle = await imported(graph, ["only"]);
    const predictor = await createPredictor(bundle);
    const found = await predictor.predict(rows.map((floats) => ({ floats })));
    await predictor.close();
    expect(found.map((row) => [...row])).toEqual(rows.map(([first]) => [first]));
  });

  it.each<[string, Onnx.IGraphProto, string]>([
    [
      "a sequence of labels of three values",
      answering([sequence], [...bothPairs, threeOfFirst, node("SequenceConstruct", ["three", "pair b"], "y")], [one]),
      "expected float32[N,2], found float32[N,3]",
    ],
    [
      "numbers alone for several labels",
      answering([tensor("y", FLOAT, ["N"])], [apart, withoutAxis("a", "y")], [flat]),
      'the model has no output float32[N,2], but "y" float32[-1]',
    ],
  ])("is refused with %s", async (_, graph, message) => {
    await expect(imported(graph, ["first", "second"])).rejects.toThrow(message);
  });

  it("is refused with labels that its outputs are called by in another order", async () => {
    const graph = answering([tensor("a", FLOAT, ["N", 1]), tensor("b", FLOAT, ["N", 1])], [apart]);
    await expect(imported(graph, ["b", "a"])).rejects.toThrow(
      'label "b" is not at the place of the output of that name: --labels has the order of the model\'s outputs, a, b',
    );
    expect((await imported(graph, ["a", "b"])).manifest.labels).toEqual(["a", "b"]);
  });
});
