import onnxProto, { type onnx as Onnx } from "onnx-proto";
import { BundleError } from "./errors.ts";

const { onnx } = onnxProto;

/** What an ONNX file says of itself, without being loaded. */
export interface OnnxGraph {
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
  /** The model's bytes, mended where that was necessary. */
  readonly bytes: Uint8Array;
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
 * Reads a model's inputs and outputs, and gives string normalisers a locale.
 * @throws {BundleError} `invalid_import`
 */
export function readGraph(bytes: Uint8Array): OnnxGraph {
  const model = decode(bytes);
  const graph = model.graph;
  if (!graph?.node?.length) throw new BundleError("invalid_import", "the file is not an ONNX model: it has no graph");
  const external = graph.initializer?.find(
    ({ dataLocation }) => dataLocation === onnx.TensorProto.DataLocation.EXTERNAL,
  );
  if (external) {
    const message = `its weights (${external.name ?? ""} and maybe more) are in another file; save the model as one file`;
    throw new BundleError("invalid_import", message);
  }
  const weights = new Set(graph.initializer?.map(({ name }) => name));
  const isMended = setLocale(graph);
  return {
    inputs: (graph.input ?? []).filter(({ name }) => !weights.has(name)).map(graphTensor),
    outputs: (graph.output ?? []).map(graphTensor),
    bytes: isMended ? onnx.ModelProto.encode(model).finish() : bytes,
  };
}

/** As an error shows it: `"text" string[-1,1]`. */
export function describeTensors(tensors: readonly GraphTensor[]): string {
  return tensors.map(({ name, type, shape }) => `"${name}" ${type}[${shape.join(",")}]`).join(", ");
}

function decode(bytes: Uint8Array): Onnx.IModelProto {
  try {
    return onnx.ModelProto.decode(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BundleError("invalid_import", `the file is not an ONNX model: ${reason}`, { cause });
  }
}

/**
 * Without the attribute, onnxruntime asks for en_US.UTF-8, which slim images don't have, and the model doesn't load there.
 * "C" is everywhere; it folds the case of ASCII letters only.
 */
function setLocale({ node = [] }: Onnx.IGraphProto): boolean {
  const normalisers = (node ?? []).filter(
    ({ opType, attribute }) => opType === "StringNormalizer" && !attribute?.some(({ name }) => name === "locale"),
  );
  for (const normaliser of normalisers) {
    const locale = { name: "locale", type: onnx.AttributeProto.AttributeType.STRING, s: Buffer.from("C") };
    normaliser.attribute = [...(normaliser.attribute ?? []), locale];
  }
  return normalisers.length > 0;
}

function graphTensor({ name, type }: Onnx.IValueInfoProto): GraphTensor {
  const tensor = type?.tensorType;
  if (!tensor) return { name: name ?? "", type: type?.sequenceType ? "sequence" : "not a tensor", shape: [] };
  const shape = (tensor.shape?.dim ?? []).map(({ dimValue }) => Number(dimValue ?? 0) || -1);
  return { name: name ?? "", type: typeNames.get(tensor.elemType ?? 0) ?? `type ${tensor.elemType ?? 0}`, shape };
}
