import onnxProto, { type onnx as Onnx } from "onnx-proto";
import { BundleError } from "./errors.ts";
import { labelTable, type GraphOutput } from "./label-table.ts";
import { classesOf, decode, graphTensor } from "./onnx-graph.ts";

const { onnx } = onnxProto;

/** Changes what would keep a graph from being served; everything else of it stays as it is, byte by byte. */
export class GraphMender {
  readonly #zipMaps: Onnx.INodeProto[] = [];
  readonly #sequences: Onnx.INodeProto[] = [];
  readonly #outputs: GraphOutput[] = [];

  /** The names of the classes that a map was made of. */
  get labels(): string[] | undefined {
    const [zipMap, ...others] = this.#zipMaps;
    return zipMap && others.length === 0 ? classesOf(zipMap) : undefined;
  }

  /** A node's bytes as they shall be, undefined where it shall go. @throws {BundleError} `invalid_import` */
  node(bytes: Uint8Array): Uint8Array[] | undefined {
    const node = decode(() => onnx.NodeProto.decode(bytes));
    for (const { dataLocation } of tensorsIn(node)) {
      if (dataLocation !== onnx.TensorProto.DataLocation.EXTERNAL) continue;
      const name = `${node.opType} "${node.output[0] ?? ""}"`;
      throw new BundleError("invalid_import", `the weights of ${name} are in another file: save the model as one file`);
    }
    if (node.opType === "ZipMap") {
      this.#zipMaps.push(node);
      return undefined;
    }
    if (node.opType === "SequenceConstruct") this.#sequences.push(node);
    if (takeOffFlag(node)) return [onnx.NodeProto.encode(node).finish()];
    return lacksLocale(node) ? [bytes, localeC] : [bytes];
  }

  /**
   * An output's bytes as they shall be: in the place of a ZipMap's sequence of maps, which onnxruntime doesn't give to
   * JavaScript, the tensor that it was made of. The nodes come before.
   */
  output(bytes: Uint8Array): Uint8Array {
    const output = decode(() => onnx.ValueInfoProto.decode(bytes));
    const zipMap = this.#zipMaps.find((node) => node.output?.[0] === output.name);
    if (!zipMap) {
      const sequence = this.#sequences.find((node) => node.output?.[0] === output.name);
      this.#outputs.push({ ...graphTensor(output), parts: sequence?.input ?? undefined });
      return bytes;
    }
    const dim = [{ dimParam: "N" }, { dimValue: classesOf(zipMap)?.length ?? 0 }];
    const type = { tensorType: { elemType: onnx.TensorProto.DataType.FLOAT, shape: { dim } } };
    const probabilities = onnx.ValueInfoProto.fromObject({ name: zipMap.input?.[0], type });
    this.#outputs.push(graphTensor(probabilities));
    return onnx.ValueInfoProto.encode(probabilities).finish();
  }

  /** The bytes of nodes and of an output that the graph gets besides, after all of its own. */
  added(): { readonly nodes: readonly Uint8Array[]; readonly outputs: readonly Uint8Array[] } {
    const table = labelTable(this.#outputs);
    if (!table) return { nodes: [], outputs: [] };
    return {
      nodes: table.nodes.map((node) => onnx.NodeProto.encode(onnx.NodeProto.fromObject(node)).finish()),
      outputs: [onnx.ValueInfoProto.encode(onnx.ValueInfoProto.fromObject(table.output)).finish()],
    };
  }
}

/** A node's own weights and those of its branches, which stay where they are: of other files, a bundle has the graph's alone. */
function* tensorsIn({ attribute }: Onnx.INodeProto): Generator<Onnx.ITensorProto, void, undefined> {
  for (const { t, tensors, g, graphs } of attribute ?? []) {
    yield* [...(t ? [t] : []), ...(tensors ?? [])];
    for (const { initializer, node } of [...(g ? [g] : []), ...(graphs ?? [])]) {
      yield* initializer ?? [];
      for (const inner of node ?? []) yield* tensorsIn(inner);
    }
  }
}

/** Says that a pattern is of Unicode, as all of Python's are; to onnxruntime such a pattern is none. */
const UNICODE_FLAG = Buffer.from("(?u)");

/** Takes the flag off a tokenizer's pattern. Whether it had one. */
function takeOffFlag({ opType, attribute }: Onnx.INodeProto): boolean {
  const pattern = attribute?.find(({ name }) => opType === "Tokenizer" && name === "tokenexp");
  const bytes = Buffer.from(pattern?.s ?? []);
  if (!pattern || bytes.indexOf(UNICODE_FLAG) !== 0) return false;
  pattern.s = bytes.subarray(UNICODE_FLAG.length);
  return true;
}

/**
 * Without the attribute, onnxruntime asks for en_US.UTF-8, which slim images don't have, and the model doesn't load there.
 * "C" is everywhere; it folds the case of ASCII letters only.
 */
function lacksLocale({ opType, attribute }: Onnx.INodeProto): boolean {
  return opType === "StringNormalizer" && attribute?.some(({ name }) => name === "locale") !== true;
}

/** A field that follows a message's bytes belongs to it. */
const localeC = onnx.NodeProto.encode({
  attribute: [{ name: "locale", type: onnx.AttributeProto.AttributeType.STRING, s: Buffer.from("C") }],
}).finish();
