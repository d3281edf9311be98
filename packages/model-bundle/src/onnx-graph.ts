import onnxProto, { type onnx as Onnx } from "onnx-proto";
import { BundleError } from "./errors.ts";

const { onnx } = onnxProto;

/** What an ONNX file says of itself, without being loaded. */
export interface OnnxGraph {
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
}

/** `type` as onnxruntime calls it, "sequence of maps" or the like where it is no tensor; an open axis is -1. */
export interface GraphTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
}

const { DataType } = onnx.TensorProto;
const typeNames = new Map<number, string>([
  [DataType.FLOAT, "float32"],
  [DataType.DOUBLE, "float64"],
  [DataType.INT32, "int32"],
  [DataType.INT64, "int64"],
  [DataType.STRING, "string"],
]);

/**
 * Reads a model's inputs and outputs.
 * @throws {BundleError} `invalid_import`
 */
export function decodeGraph(bytes: Uint8Array): OnnxGraph {
  const { graph } = decode(() => onnx.ModelProto.decode(bytes));
  if (!graph?.node?.length) throw new BundleError("invalid_import", "the file is not an ONNX model: it has no graph");
  const weights = new Set(graph.initializer?.map(({ name }) => name));
  return {
    inputs: (graph.input ?? []).filter(({ name }) => !weights.has(name)).map(graphTensor),
    outputs: (graph.output ?? []).map(graphTensor),
  };
}

/**
 * A node's bytes, and the locale that a string normaliser lacks. Without the attribute, onnxruntime asks for en_US.UTF-8,
 * which slim images don't have, and the model doesn't load there. "C" is everywhere; it folds the case of ASCII letters only.
 * @throws {BundleError} `invalid_import`
 */
export function mendNode(bytes: Uint8Array): Uint8Array[] {
  const { opType, attribute } = decode(() => onnx.NodeProto.decode(bytes));
  if (opType !== "StringNormalizer" || attribute.some(({ name }) => name === "locale")) return [bytes];
  const locale = { name: "locale", type: onnx.AttributeProto.AttributeType.STRING, s: Buffer.from("C") };
  // A field that follows a message's bytes belongs to it.
  return [bytes, onnx.NodeProto.encode({ attribute: [locale] }).finish()];
}

/** As an error shows it: `"text" string[-1,1]`. */
export function describeTensors(tensors: readonly GraphTensor[]): string {
  return tensors.map(({ name, type, shape }) => `"${name}" ${type}[${shape.join(",")}]`).join(", ");
}

function decode<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BundleError("invalid_import", `the file is not an ONNX model: ${reason}`, { cause });
  }
}

function graphTensor({ name, type }: Onnx.IValueInfoProto): GraphTensor {
  const tensor = type?.tensorType;
  if (!tensor) return { name: name ?? "", type: type?.sequenceType ? "sequence" : "not a tensor", shape: [] };
  const shape = (tensor.shape?.dim ?? []).map(({ dimValue }) => Number(dimValue ?? 0) || -1);
  return { name: name ?? "", type: typeNames.get(tensor.elemType ?? 0) ?? `type ${tensor.elemType ?? 0}`, shape };
}
