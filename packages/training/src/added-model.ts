import onnxProto, { type onnx as Onnx } from "onnx-proto";
import { node, tensor } from "./onnx-parts.ts";

const { onnx } = onnxProto;
const { FLOAT } = onnx.TensorProto.DataType;

/** Another model of the same labels: so much of its output is added to the sums, a share for each label. */
export interface AddedModel {
  readonly model: Onnx.ModelProto;
  readonly output: string;
  readonly shares: Float32Array;
}

/** Another model's parts, and the float32[B, 1, labels] that it adds. Its names but those of its inputs get a prefix. */
export function sumOf({ model, output, shares }: AddedModel) {
  const { input, initializer, node: nodes } = onnx.GraphProto.fromObject(model.graph ?? {});
  const inputs = new Set(input.map(({ name }) => name));
  const renamed = (name: string) => (name === "" || inputs.has(name) ? name : `added/${name}`);
  return {
    input,
    initializer: [
      ...initializer.map((weights) =>
        Object.assign(new onnx.TensorProto(weights), { name: renamed(weights.name ?? "") }),
      ),
      tensor("shares", FLOAT, { dims: [shares.length], data: shares }),
    ],
    node: [
      ...nodes.map(
        ({ name, input: from, output: to, ...rest }) =>
          new onnx.NodeProto({
            ...rest,
            name: renamed(name ?? ""),
            input: (from ?? []).map(renamed),
            output: (to ?? []).map(renamed),
          }),
      ),
      node("Mul", [renamed(output), "shares"], "shared"),
      node("Unsqueeze", ["shared", "axis"], "shared_rows"),
    ],
    output: "shared_rows",
  };
}
