import onnxProto from "onnx-proto";
import { type Mixture } from "./calibration.ts";
import { type QuantizedTable } from "./quantize.ts";

const { onnx } = onnxProto;
const { FLOAT, INT8, INT32, INT64 } = onnx.TensorProto.DataType;

/** The names that a bundle's manifest gives to the model's tensors. */
export const tensors = { ids: "ids", weights: "weights", probabilities: "probabilities" } as const;

export interface GraphParts {
  readonly linear: QuantizedTable;
  readonly linearBias: Float32Array;
  readonly bag: QuantizedTable;
  readonly bagBias: Float32Array;
  /** `[bag.width, linear.width]` */
  readonly output: Float32Array;
  readonly outputBias: Float32Array;
  readonly mixture: Mixture;
}

type Node = ReturnType<typeof node>;
type Tensor = InstanceType<typeof onnx.TensorProto>;

/**
 * The serving graph: ids int32[B, K] and weights float32[B, K] -> probabilities float32[B, labels]. Both tables stay int8;
 * only the rows that a question touches are ever turned into floats.
 */
export function buildModel(parts: GraphParts): Uint8Array {
  const { linear, bag, mixture } = parts;
  const labels = linear.width;
  const graph = new onnx.GraphProto({
    name: "wide-and-deep",
    node: [
      ...weightedSum("linear"),
      node("Add", ["linear_sum", "linear_bias"], "linear_logits"),
      ...weightedSum("bag"),
      node("Add", ["bag_sum", "bag_bias"], "bag_input"),
      node("Relu", ["bag_input"], "bag_hidden"),
      node("Gemm", ["bag_hidden", "output", "output_bias"], "bag_logits"),
      node("Add", ["linear_logits", "bag_logits"], "logits"),
      node("Sigmoid", ["logits"], tensors.probabilities),
    ],
    initializer: [
      tensor("axis", INT64, { dims: [1], data: new BigInt64Array([1n]) }),
      ...tableTensors("linear", linear, mixture.linear),
      tensor("linear_bias", FLOAT, {
        dims: [labels],
        data: parts.linearBias.map((bias) => bias * mixture.linear + mixture.offset),
      }),
      ...tableTensors("bag", bag, 1),
      tensor("bag_bias", FLOAT, { dims: [bag.width], data: parts.bagBias }),
      tensor("output", FLOAT, { dims: [bag.width, labels], data: parts.output.map((weight) => weight * mixture.bag) }),
      tensor("output_bias", FLOAT, { dims: [labels], data: parts.outputBias.map((bias) => bias * mixture.bag) }),
    ],
    input: [value(tensors.ids, INT32, ["batch", "features"]), value(tensors.weights, FLOAT, ["batch", "features"])],
    output: [value(tensors.probabilities, FLOAT, ["batch", labels])],
  });
  const model = new onnx.ModelProto({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    producerName: "tagsmith",
    graph,
  });
  return onnx.ModelProto.encode(model).finish();
}

/** Σ weight × scale × row of a table, as one small matrix product per question. */
function weightedSum(table: string): Node[] {
  const name = (part: string): string => `${table}_${part}`;
  return [
    node("Gather", [name("scales"), tensors.ids], name("row_scales")),
    node("Mul", [tensors.weights, name("row_scales")], name("weights")),
    node("Unsqueeze", [name("weights"), "axis"], name("weight_rows")),
    node("Gather", [name("table"), tensors.ids], name("int8_rows")),
    node("Cast", [name("int8_rows")], name("rows"), {
      name: "to",
      type: onnx.AttributeProto.AttributeType.INT,
      i: FLOAT,
    }),
    node("MatMul", [name("weight_rows"), name("rows")], name("sum_rows")),
    node("Squeeze", [name("sum_rows"), "axis"], name("sum")),
  ];
}

function tableTensors(table: string, { values, scales, width }: QuantizedTable, factor: number): Tensor[] {
  return [
    tensor(`${table}_table`, INT8, { dims: [scales.length, width], data: values }),
    tensor(`${table}_scales`, FLOAT, { dims: [scales.length], data: scales.map((scale) => scale * factor) }),
  ];
}

// eslint-disable-next-line max-params -- operator, inputs, output, attribute: the order of ONNX's own notation
function node(
  opType: string,
  input: string[],
  output: string,
  ...attribute: onnxProto.onnx.IAttributeProto[]
): onnxProto.onnx.NodeProto {
  return new onnx.NodeProto({ opType, name: output, input, output: [output], attribute });
}

function tensor(name: string, dataType: number, { dims, data }: { dims: number[]; data: ArrayBufferView }): Tensor {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new onnx.TensorProto({ name, dataType, dims, rawData });
}

function value(name: string, elemType: number, dims: readonly (string | number)[]): onnxProto.onnx.ValueInfoProto {
  const dim = dims.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size }));
  return new onnx.ValueInfoProto({ name, type: { tensorType: { elemType, shape: { dim } } } });
}
