import onnxProto, { type onnx as Onnx } from "onnx-proto";

const { onnx } = onnxProto;
export const { FLOAT, DOUBLE, INT32, INT64, STRING } = onnx.TensorProto.DataType;

/** Encodes a graph, written as plain objects, as the bytes of a model (opset 13, IR 8). */
export function encodeModel(graph: Onnx.IGraphProto): Uint8Array {
  const opsetImport = [
    { domain: "", version: 13 },
    { domain: "ai.onnx.ml", version: 2 },
  ];
  return onnx.ModelProto.encode(onnx.ModelProto.fromObject({ irVersion: 8, opsetImport, graph })).finish();
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

/** A features model that answers the same numbers to every question. */
export function constantModel(answer: readonly number[], idsType = INT32): Uint8Array {
  return encodeModel({
    name: "constant",
    input: [tensor("ids", idsType, ["B", "K"]), tensor("weights", FLOAT, ["B", "K"])],
    output: [tensor("probabilities", FLOAT, ["B", "L"])],
    initializer: [floats("answer", [1, answer.length], answer), floats("zero", [1], [0]), integers("one", [1])],
    node: [
      node("ReduceSum", ["weights", "one"], "sum"),
      node("Mul", ["sum", "zero"], "nothing"),
      node("Add", ["nothing", "answer"], "probabilities"),
    ],
  });
}
