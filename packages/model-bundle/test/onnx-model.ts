import onnxProto, { type onnx as Onnx } from "onnx-proto";

const { onnx } = onnxProto;
export const { BOOL, FLOAT, FLOAT16, DOUBLE, INT32, INT64, STRING, UINT64 } = onnx.TensorProto.DataType;

/** Encodes a graph, written as plain objects, as the bytes of a model (IR 8). */
export function encodeModel(
  graph: Onnx.IGraphProto,
  opset = 13,
  metadataProps: Onnx.IStringStringEntryProto[] = [],
): Uint8Array {
  const opsetImport = [
    { domain: "", version: opset },
    { domain: "ai.onnx.ml", version: 2 },
    { domain: "com.microsoft", version: 1 },
  ];
  const model = { irVersion: 8, opsetImport, graph, metadataProps };
  return onnx.ModelProto.encode(onnx.ModelProto.fromObject(model)).finish();
}

export function node(opType: string, input: string[], output: string): Onnx.INodeProto {
  return { opType, input, output: [output] };
}

/** An input's or output's declaration; a named axis is open. */
export function tensor(name: string, elemType: number, dims: readonly (string | number)[]): Onnx.IValueInfoProto {
  const dim = dims.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

export function floats(name: string, dims: number[], data: Iterable<number>): Onnx.ITensorProto {
  return { name, dataType: FLOAT, dims, floatData: [...data] };
}

export function integers(name: string, data: number[]): Onnx.ITensorProto {
  return { name, dataType: INT64, dims: [data.length], int64Data: data };
}

/** A model of `width` floats that takes their logarithms, as many as there are labels: of a number below 0, NaN. */
export function logarithmModel(width: number, dims: readonly (string | number)[] = ["N", width]): Uint8Array {
  return encodeModel({
    name: "logarithm",
    input: [tensor("x", FLOAT, dims)],
    output: [tensor("y", FLOAT, dims)],
    node: [node("Log", ["x"], "y")],
  });
}

/** A model of `width` 64-bit integers that answers them as floats. */
export function integerModel(width: number): Uint8Array {
  const { INT } = onnx.AttributeProto.AttributeType;
  return encodeModel({
    name: "integer",
    input: [tensor("x", INT64, ["N", width])],
    output: [tensor("y", FLOAT, ["N", width])],
    node: [{ ...node("Cast", ["x"], "y"), attribute: [{ name: "to", type: INT, i: FLOAT }] }],
  });
}

/** A model of one float that takes as long as that is large: it counts up to it, and answers 0. */
export function countingModel(): Uint8Array {
  const { GRAPH, INT } = onnx.AttributeProto.AttributeType;
  const step = {
    name: "step",
    input: [tensor("count", INT64, []), tensor("go on", BOOL, []), tensor("before", FLOAT, ["N", 1])],
    output: [tensor("still", BOOL, []), tensor("after", FLOAT, ["N", 1])],
    node: [node("Identity", ["go on"], "still"), node("Identity", ["before"], "after")],
  };
  return encodeModel({
    name: "counting",
    input: [tensor("x", FLOAT, ["N", 1])],
    output: [tensor("y", FLOAT, ["N", 1])],
    node: [
      { ...node("ReduceMax", ["x"], "largest"), attribute: [{ name: "keepdims", type: INT, i: 0 }] },
      { ...node("Cast", ["largest"], "times"), attribute: [{ name: "to", type: INT, i: INT64 }] },
      node("Sub", ["x", "x"], "zeros"),
      { ...node("Loop", ["times", "", "zeros"], "y"), attribute: [{ name: "body", type: GRAPH, g: step }] },
    ],
  });
}

/** A features model that answers the same numbers to every question. */
export function constantModel(
  answer: readonly number[],
  { idsType = INT32, dims = ["B", "K"] }: { idsType?: number; dims?: readonly (string | number)[] } = {},
): Uint8Array {
  return encodeModel({
    name: "constant",
    input: [tensor("ids", idsType, dims), tensor("weights", FLOAT, dims)],
    output: [tensor("probabilities", FLOAT, ["B", "L"])],
    initializer: [floats("answer", [1, answer.length], answer), floats("zero", [1], [0]), integers("one", [1])],
    node: [
      node("ReduceSum", ["weights", "one"], "sum"),
      node("Mul", ["sum", "zero"], "nothing"),
      node("Add", ["nothing", "answer"], "probabilities"),
    ],
  });
}
