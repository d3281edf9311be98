import onnxProto, { type onnx as Onnx } from "onnx-proto";
import { node, tensor } from "./onnx-parts.ts";

const { onnx } = onnxProto;
const { FLOAT } = onnx.TensorProto.DataType;

/** Another model of the same labels: so much of its output is added to the sums. */
export interface AddedModel {
  readonly model: Onnx.ModelProto;
  readonly output: string;
  readonly share: number;
}

/** Another model's parts, and the float32[B, 1, labels] that it adds. Its names but those of its inputs get a prefix. */
export function sumOf({ model, output, share }: AddedModel) {
  const { input, initializer, node: nodes } = onnx.GraphProto.fromObject(model.graph ?? {});
  const inputs = new Set(input.map(({ name }) => name));
  const renamed = (name: string) => (name === "" || inputs.has(name) ? name : `added/${name}`);
  return {
    input,
    initializer: [
      ...initializer.map((weights) =>
        Object.assign(new onnx.TensorProto(weights), { name: renamed(weights.name ?? "") }),
      ),
      tensor("share", FLOAT, { dims: [1], data: Float32Array.of(share) }),
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
      node("Mul", [renamed(output), "share"], "shared"),
      node("Unsqueeze", ["shared", "axis"], "shared_rows"),
    ],
    output: "shared_rows",
  };
}
