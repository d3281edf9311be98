import onnxProto from "onnx-proto";
import { type Calibration } from "./calibration.ts";
import { type QuantizedTable } from "./quantize.ts";

const { onnx } = onnxProto;
const { FLOAT, INT8, INT32, INT64 } = onnx.TensorProto.DataType;

/** The names that a bundle's manifest gives to the model's tensors. */
export const tensors = { ids: "ids", weights: "weights", probabilities: "probabilities" } as const;

export interface GraphParts {
  readonly table: QuantizedTable;
  readonly bias: Float32Array;
  readonly calibration: Calibration;
}

type Tensor = InstanceType<typeof onnx.TensorProto>;

/**
 * The serving graph: ids int32[B, K] and weights float32[B, K] -> probabilities float32[B, labels], as one small matrix
 * product per question. The table stays int8; only the rows that a question touches are ever turned into floats.
 */
export function buildModel({ table, bias, calibration }: GraphParts): Uint8Array {
  const { values, scales, width } = table;
  const { slope, intercept, bends } = linesOf(calibration);
  const graph = new onnx.GraphProto({
    name: "linear",
    node: [
      node("Gather", ["scales", tensors.ids], "row_scales"),
      node("Mul", [tensors.weights, "row_scales"], "scaled_weights"),
      node("Unsqueeze", ["scaled_weights", "axis"], "weight_rows"),
      node("Gather", ["table", tensors.ids], "int8_rows"),
      node("Cast", ["int8_rows"], "rows", { name: "to", type: onnx.AttributeProto.AttributeType.INT, i: FLOAT }),
      node("MatMul", ["weight_rows", "rows"], "sum_rows"),
      node("Squeeze", ["sum_rows", "axis"], "sums"),
      node("Add", ["sums", "bias"], "margins"),
      node("Mul", ["margins", "slope"], "risen"),
      node("Add", ["risen", "intercept"], "first_line"),
      node("Unsqueeze", ["margins", "last_axis"], "margin_cells"),
      node("Sub", ["margin_cells", "knots"], "distances"),
      node("Relu", ["distances"], "beyond_knots"),
      node("MatMul", ["beyond_knots", "bends"], "bend_cells"),
      node("Squeeze", ["bend_cells", "last_axis"], "bent"),
      node("Add", ["first_line", "bent"], "logits"),
      node("Sigmoid", ["logits"], tensors.probabilities),
    ],
    initializer: [
      tensor("axis", INT64, { dims: [1], data: new BigInt64Array([1n]) }),
      tensor("table", INT8, { dims: [scales.length, width], data: values }),
      tensor("scales", FLOAT, { dims: [scales.length], data: scales }),
      tensor("bias", FLOAT, { dims: [width], data: bias }),
      tensor("last_axis", INT64, { dims: [1], data: new BigInt64Array([2n]) }),
      tensor("slope", FLOAT, { dims: [], data: Float32Array.of(slope) }),
      tensor("intercept", FLOAT, { dims: [], data: Float32Array.of(intercept) }),
      tensor("knots", FLOAT, { dims: [bends.length], data: Float32Array.from(calibration.knots) }),
      tensor("bends", FLOAT, { dims: [bends.length, 1], data: Float32Array.from(bends) }),
    ],
    input: [value(tensors.ids, INT32, ["batch", "features"]), value(tensors.weights, FLOAT, ["batch", "features"])],
    output: [value(tensors.probabilities, FLOAT, ["batch", width])],
  });
  const model = new onnx.ModelProto({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    producerName: "tagsmith",
    graph,
  });
  return onnx.ModelProto.encode(model).finish();
}

/** The calibration as its first line, prolonged, and what each knot adds to the slope beyond it. */
function linesOf({ knots, slopes, offset }: Calibration): { slope: number; intercept: number; bends: number[] } {
  const slope = slopes[0] ?? 0;
  return {
    slope,
    intercept: offset - slope * (knots[0] ?? 0),
    bends: knots.map((_, piece) => (slopes[piece + 1] ?? 0) - (slopes[piece] ?? 0)),
  };
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
