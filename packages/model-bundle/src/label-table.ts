import onnxProto, { type onnx as Onnx } from "onnx-proto";
import type { GraphTensor } from "./onnx-graph.ts";

const { onnx } = onnxProto;
const { INT64, FLOAT, DOUBLE } = onnx.TensorProto.DataType;
const { INT, INTS, TENSOR } = onnx.AttributeProto.AttributeType;

/** Blanks keep it from being any name of the graph's own. */
export const LABEL_TABLE = "a column a label";

/** Nodes that are added to a graph, and the output that they make. */
interface LabelTable {
  readonly nodes: readonly Onnx.INodeProto[];
  readonly output: Onnx.IValueInfoProto;
}

/** An output, and of a sequence the tensors that it is made of. */
export interface GraphOutput extends GraphTensor {
  readonly parts?: readonly string[] | undefined;
}

/**
 * A table with a column for each label of outputs that are none, as scikit-learn's classifiers of many labels have them: a tensor of
 * "no" and "yes" for each label, in a sequence or along the first of three axes; or an output for each label.
 */
export function labelTable(outputs: readonly GraphOutput[]): LabelTable | undefined {
  const numbers = outputs.filter(isNumber);
  if (numbers.some(isTable)) return undefined;
  const columns = columnsIn(numbers);
  if (columns.length > 1) return columnsOf(columns);
  const cube = numbers.find(({ shape }) => shape.length === 3 && (shape[0] ?? 0) > 0 && shape[2] === 2);
  if (cube) return table(halvesOf(cube), cube.type);
  const sequence = outputs.find(({ parts }) => parts);
  return sequence?.parts && table(pairsOf(sequence.parts), "float32");
}

/** Outputs that are a label's each. */
export const columnsIn = <T extends GraphTensor>(outputs: readonly T[]): T[] =>
  outputs.filter((output) => isNumber(output) && isColumn(output));

const isNumber = ({ type }: GraphTensor) => type === "float32" || type === "float64";
const isTable = ({ shape }: GraphTensor) => shape.length === 2 && shape[1] !== 1;
const isColumn = ({ shape }: GraphTensor) => shape.length === 1 || (shape.length === 2 && shape[1] === 1);

function table(nodes: readonly Onnx.INodeProto[], type: string): LabelTable {
  const shape = { dim: [{ dimParam: "N" }, { dimParam: "labels" }] };
  const elemType = type === "float64" ? DOUBLE : FLOAT;
  return { nodes, output: { name: LABEL_TABLE, type: { tensorType: { elemType, shape } } } };
}

function columnsOf(outputs: readonly GraphOutput[]): LabelTable {
  const [first] = outputs;
  const column = named("column");
  const columns = outputs.map(({ name }) => node("Reshape", [name, column], named(name)));
  return table([constant(column, [-1, 1]), ...columns, beside(columns)], first?.type ?? "");
}

/** A label of more than two values makes too many columns, which the import then refuses. */
function pairsOf(parts: readonly string[]): Onnx.INodeProto[] {
  const columns = parts.map((part) => node("Slice", [part, ...bounds], named(part)));
  return [...boundsOf(1), ...columns, beside(columns)];
}

function halvesOf({ name }: GraphOutput): Onnx.INodeProto[] {
  const [rows, yes, flat] = ["rows", "yes", "flat"].map(named) as [string, string, string];
  return [
    ...boundsOf(2),
    constant(rows, [0, -1]),
    node("Slice", [name, ...bounds], yes),
    node("Reshape", [yes, rows], flat),
    { ...node("Transpose", [flat], LABEL_TABLE), attribute: [{ name: "perm", type: INTS, ints: [1, 0] }] },
  ];
}

const named = (name: string) => `${LABEL_TABLE}: ${name}`;

const bounds = ["from", "to", "axis"].map(named);

/** From the second on. */
const boundsOf = (axis: number) => [1, 2 ** 31 - 1, axis].map((value, index) => constant(bounds[index] ?? "", [value]));

const beside = (columns: readonly Onnx.INodeProto[]): Onnx.INodeProto => ({
  ...node(
    "Concat",
    columns.flatMap(({ output }) => output ?? []),
    LABEL_TABLE,
  ),
  attribute: [{ name: "axis", type: INT, i: 1 }],
});

const node = (opType: string, input: string[], output: string): Onnx.INodeProto => ({
  opType,
  input,
  output: [output],
});

const constant = (name: string, int64Data: number[]): Onnx.INodeProto => ({
  ...node("Constant", [], name),
  attribute: [{ name: "value", type: TENSOR, t: { dataType: INT64, dims: [int64Data.length], int64Data } }],
});
