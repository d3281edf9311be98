import onnxProto, { type onnx as Onnx } from "onnx-proto";
import { BundleError, messageOf } from "./errors.ts";
import { holdsProbabilities, makerOf } from "./graph-makers.ts";

const { onnx } = onnxProto;

/** What an ONNX file says of itself, without being loaded. */
export interface OnnxGraph {
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
  /** The names of the classes, where the model has them. */
  readonly labels: readonly string[] | undefined;
  /** The outputs that hold probabilities for certain. */
  readonly probabilities: readonly string[];
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
  [DataType.FLOAT16, "float16"],
  [DataType.INT32, "int32"],
  [DataType.INT64, "int64"],
  [DataType.STRING, "string"],
]);

/**
 * Reads a model's inputs and outputs.
 * @throws {BundleError} `invalid_import`
 */
export function decodeGraph(bytes: Uint8Array): OnnxGraph {
  const { graph, metadataProps } = decode(() => onnx.ModelProto.decode(bytes));
  if (!graph?.node?.length) throw new BundleError("invalid_import", "the file is not an ONNX model: it has no graph");
  const weights = new Set(graph.initializer?.map(({ name }) => name));
  return {
    inputs: (graph.input ?? []).filter(({ name }) => !weights.has(name)).map(graphTensor),
    outputs: (graph.output ?? []).map(graphTensor),
    labels: labelsOf(metadataProps) ?? classesOfOne(graph) ?? classesOfLabel(graph),
    probabilities: namesOf(graph.output).filter((name) => holdsProbabilities(graph, name)),
  };
}

/** As some tools note them: a JSON array under the key "labels". */
function labelsOf(metadata: readonly Onnx.IStringStringEntryProto[]): string[] | undefined {
  const { value } = metadata.find(({ key }) => key === "labels") ?? {};
  if (!value) return undefined;
  try {
    const labels: unknown = JSON.parse(value);
    if (Array.isArray(labels)) return labels.map(String);
  } catch {
    // Somebody else's labels.
  }
  return undefined;
}

const classAttributes = ["classlabels_strings", "classlabels_int64s", "classlabels_ints"];

/** The names of the classes that a node tells apart, if it does. */
export function classesOf({ attribute }: Onnx.INodeProto): string[] | undefined {
  const attributes = attribute?.filter(({ name }) => classAttributes.includes(name ?? "")) ?? [];
  const names = attributes.flatMap(({ strings, ints }) => [...utf8Of(strings), ...(ints ?? []).map(String)]);
  return names.length > 0 ? names : undefined;
}

/**
 * Of several classifiers, as of one a label, none names the classes of the whole. Nor does one that only numbers them and whose
 * label goes nowhere: it is part of another, as of scikit-learn's VotingClassifier.
 */
function classesOfOne({ node, output }: Onnx.IGraphProto): string[] | undefined {
  const [classifier, ...others] = node?.filter((one) => classesOf(one)) ?? [];
  if (!classifier || others.length > 0) return undefined;
  const label = classifier.output?.[0];
  const isRead =
    output?.some(({ name }) => name === label) || node?.some(({ input }) => input?.some((name) => name === label));
  const classes = classesOf(classifier);
  return isRead || classes?.some((name, index) => name !== String(index)) ? classes : undefined;
}

/** Where no classifier knows them, as of skl2onnx's naive Bayes: the table that the model's own label is looked up in. */
function classesOfLabel(graph: Onnx.IGraphProto): string[] | undefined {
  for (const name of namesOf(graph.output)) {
    const maker = makerOf(graph, name);
    if (maker?.opType !== "ArrayFeatureExtractor") continue;
    const { stringData, int64Data, int32Data } = graph.initializer?.find((one) => one.name === maker.input?.[0]) ?? {};
    const classes = [...utf8Of(stringData), ...[...(int64Data ?? []), ...(int32Data ?? [])].map(String)];
    if (classes.length > 0) return classes;
  }
  return undefined;
}

const namesOf = (tensors: readonly Onnx.IValueInfoProto[] | null | undefined): string[] =>
  (tensors ?? []).flatMap(({ name }) => name ?? []);

const utf8Of = (strings: readonly Uint8Array[] | null | undefined): string[] =>
  (strings ?? []).map((bytes) => Buffer.from(bytes).toString("utf8"));

/** As an error shows it: `"text" string[-1,1]`, or `nothing`. */
export function describeTensors(tensors: readonly GraphTensor[]): string {
  if (tensors.length === 0) return "nothing";
  return tensors.map(({ name, type, shape }) => `"${name}" ${type}[${shape.join(",")}]`).join(", ");
}

/** @throws {BundleError} `invalid_import` for bytes that are none of ONNX's */
export function decode<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new BundleError("invalid_import", `the file is not an ONNX model: ${messageOf(cause)}`, { cause });
  }
}

export function graphTensor({ name, type }: Onnx.IValueInfoProto): GraphTensor {
  const tensor = type?.tensorType;
  if (!tensor) return { name: name ?? "", type: type?.sequenceType ? "sequence" : "not a tensor", shape: [] };
  const shape = (tensor.shape?.dim ?? []).map(({ dimValue }) => Number(dimValue ?? 0) || -1);
  return { name: name ?? "", type: typeName(tensor.elemType ?? DataType.UNDEFINED), shape };
}

const typeName = (type: number): string => typeNames.get(type) ?? DataType[type]?.toLowerCase() ?? `type ${type}`;
