import onnxProto from "onnx-proto";
import { type AddedModel, sumOf } from "./added-model.ts";
import { type Calibration } from "./calibration.ts";
import { node, tensor, value } from "./onnx-parts.ts";
import { type BagModel } from "./bag/bag-trainer.ts";
import { quantize } from "./quantize.ts";
import { type Model } from "./score.ts";

const { onnx } = onnxProto;
const { FLOAT, INT8, INT32, INT64 } = onnx.TensorProto.DataType;

/** The names that a bundle's manifest gives to the model's tensors. */
export const tensors = { ids: "ids", weights: "weights", probabilities: "probabilities" } as const;

interface GraphParts {
  readonly model: Model;
  readonly calibration: Calibration;
  readonly added?: AddedModel | undefined;
}

/**
 * The serving graph: ids int32[B, K] and weights float32[B, K] -> probabilities float32[B, labels], as one small matrix
 * product per question, or two of an embedding bag. The table stays int8; only the rows that a question touches are ever turned into floats. A node
 * costs about a microsecond whatever it does, so bias and calibration together take four. Another model's inputs stand
 * beside these two.
 */
export function buildModel({ model, calibration, added }: GraphParts): Uint8Array {
  const first = "units" in model ? model.units : model;
  const { values, scales, width } = quantize(first.weights, first.bias.length);
  const second = "units" in model ? ofUnits(model) : undefined;
  const { knots, bends, constants } = bentSums(second?.bias ?? first.bias, calibration);
  const labels = constants.length;
  const other = added && sumOf(added);
  const own = second?.output ?? "sums";
  const graph = new onnx.GraphProto({
    name: "linear",
    node: [
      ...(other?.node ?? []),
      node("Gather", ["scales", tensors.ids], "row_scales"),
      node("Mul", [tensors.weights, "row_scales"], "scaled_weights"),
      node("Unsqueeze", ["scaled_weights", "axis"], "weight_rows"),
      node("Gather", ["table", tensors.ids], "int8_rows"),
      node("Cast", ["int8_rows"], "rows", { name: "to", type: onnx.AttributeProto.AttributeType.INT, i: FLOAT }),
      node("MatMul", ["weight_rows", "rows"], "sums"),
      ...(second?.node ?? []),
      ...(other ? [node("Add", [own, other.output], "all_sums")] : []),
      node("Max", [other ? "all_sums" : own, "knots"], "beyond_knots"),
      node("MatMul", ["bends", "beyond_knots"], "bent"),
      node("Add", ["bent", "constants"], "logits"),
      node("Sigmoid", ["logits"], tensors.probabilities),
    ],
    initializer: [
      tensor("axis", INT64, { dims: [1], data: new BigInt64Array([1n]) }),
      tensor("table", INT8, { dims: [scales.length, width], data: values }),
      tensor("scales", FLOAT, { dims: [scales.length], data: scales }),
      tensor("knots", FLOAT, { dims: [bends.length, labels], data: knots }),
      tensor("bends", FLOAT, { dims: [bends.length], data: bends }),
      tensor("constants", FLOAT, { dims: [labels], data: constants }),
      ...(second?.initializer ?? []),
      ...(other?.initializer ?? []),
    ],
    input: [
      ...(other?.input ?? []),
      value(tensors.ids, INT32, ["batch", "features"]),
      value(tensors.weights, FLOAT, ["batch", "features"]),
    ],
    output: [value(tensors.probabilities, FLOAT, ["batch", labels])],
  });
  const proto = new onnx.ModelProto({
    irVersion: 8,
    opsetImport: added?.model.opsetImport ?? [{ domain: "", version: 17 }],
    producerName: "tagsmith",
    graph,
  });
  return onnx.ModelProto.encode(proto).finish();
}

/** Units above zero to labels. max(0, sum + bias) is max(sum, -bias) + bias, and the labels' biases take in what the latter adds. */
function ofUnits({ units, logits }: BagModel) {
  const width = logits.bias.length;
  const bias = logits.bias.map((own, label) =>
    units.bias.reduce((sum, shift, unit) => sum + shift * (logits.weights[unit * width + label] ?? 0), own),
  );
  return {
    initializer: [
      tensor("floors", FLOAT, { dims: [units.bias.length], data: units.bias.map((shift) => -shift) }),
      tensor("outputs", FLOAT, { dims: [units.bias.length, width], data: logits.weights }),
    ],
    node: [node("Max", ["sums", "floors"], "raised"), node("MatMul", ["raised", "outputs"], "label_sums")],
    bias,
    output: "label_sums",
  };
}

interface BentSums {
  /** A row for the first line, which has no knot, and one for each knot: a column's sum at that knot. */
  readonly knots: Float32Array;
  /** The first line's slope, and what each knot adds to the slope beyond it. */
  readonly bends: Float32Array;
  readonly constants: Float32Array;
}

/** The calibration of sum + bias, so written that a column's logit is its constant plus each bend × max(sum, knot). */
function bentSums(bias: Float32Array, { knots, slopes, offset }: Calibration): BentSums {
  const bends = slopes.map((slope, piece) => slope - (slopes[piece - 1] ?? 0));
  const rows = knots.map((knot) => bias.map((shift) => knot - shift));
  const constants = bias.map((_, column) => {
    const begin = rows[0]?.[column] ?? 0;
    return rows.reduce(
      (sum, row, piece) => sum - (bends[piece + 1] ?? 0) * (row[column] ?? 0),
      offset - (bends[0] ?? 0) * begin,
    );
  });
  const firstLine = bias.map(() => -Infinity);
  return { knots: joined([firstLine, ...rows]), bends: Float32Array.from(bends), constants };
}

function joined(rows: readonly Float32Array[]): Float32Array {
  return Float32Array.from(rows.flatMap((row) => [...row]));
}
