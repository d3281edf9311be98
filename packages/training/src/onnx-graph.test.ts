import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session, type TensorData } from "@tagsmith/model-bundle/session";
import { encodeModel, FLOAT, floats, INT64, integers, node, tensor } from "@tagsmith/model-bundle/test/onnx-model";
import onnxProto from "onnx-proto";
import { expect, test } from "vitest";
import { confidencesOf } from "./calibration.ts";
import { buildModel, tensors } from "./onnx-graph.ts";
import { quantize } from "./quantize.ts";

async function run(model: Uint8Array, inputs: Readonly<Record<string, TensorData>>) {
  const folder = await mkdtemp(join(tmpdir(), "graph-"));
  const path = join(folder, "model.onnx");
  await writeFile(path, model);
  const session = await Session.open(path);
  const answer = await session.run(inputs, tensors.probabilities);
  await session.close();
  await rm(folder, { recursive: true });
  return answer;
}

test("the graph bends margins into confidences as the calibration does, on all of its pieces", async () => {
  const calibration = { knots: [-1, 0, 1.5], slopes: [9, 4, 2, 0.5], offset: -3 };
  const bias = Float32Array.of(-1.5, 0.25);
  const table = quantize(Float32Array.of(0, 0, 1, -1, 0.5, 0.5), 2);
  const weights = [-1, 0.3, 0.9, 2, 4].flatMap((weight) => [weight, 0]);
  const { data, dims } = await run(buildModel({ table, bias, calibration }), {
    [tensors.ids]: { data: Int32Array.from(weights, (_, at) => (at % 2 === 0 ? 1 : 0)), dims: [5, 2] },
    [tensors.weights]: { data: Float32Array.from(weights), dims: [5, 2] },
  });
  expect(dims).toEqual([5, 2]);
  const margins = [-1, 0.3, 0.9, 2, 4].flatMap((weight) => [weight - 1.5, 0.25 - weight]);
  confidencesOf(Float32Array.from(margins), calibration).forEach((confidence, at) => {
    expect(data[at], `margin ${margins[at]}`).toBeCloseTo(confidence, 5);
  });
});

test("another model's output is added to the margins by its shares, whatever its names", async () => {
  const calibration = { knots: [0], slopes: [2, 1], offset: -1 };
  const bias = Float32Array.of(0.5, -0.5);
  const table = quantize(Float32Array.of(0, 0, 1, -1), 2);
  // Its names are those of the linear part: the sum of the tokens in both columns.
  const other = encodeModel(
    {
      name: "other",
      input: [tensor("input_ids", INT64, ["B", "T"])],
      output: [tensor("sums", FLOAT, ["B", 2])],
      initializer: [integers("axis", [1]), floats("scales", [2], [1, 10])],
      node: [
        {
          ...node("Cast", ["input_ids"], "rows"),
          attribute: [{ name: "to", type: onnxProto.onnx.AttributeProto.AttributeType.INT, i: FLOAT }],
        },
        node("ReduceSum", ["rows", "axis"], "table"),
        node("Mul", ["table", "scales"], "sums"),
      ],
    },
    17,
  );
  const added = { model: onnxProto.onnx.ModelProto.decode(other), output: "sums", shares: Float32Array.of(0.1, 0.1) };
  const { data } = await run(buildModel({ table, bias, calibration, added }), {
    input_ids: { data: BigInt64Array.of(1n, 2n, 3n), dims: [1, 3] },
    [tensors.ids]: { data: Int32Array.of(1), dims: [1, 1] },
    [tensors.weights]: { data: Float32Array.of(2), dims: [1, 1] },
  });
  const margins = Float32Array.of(2 + 0.5 + 0.1 * 6, -2 - 0.5 + 0.1 * 60);
  confidencesOf(margins, calibration).forEach((confidence, column) => {
    expect(data[column], `column ${column}`).toBeCloseTo(confidence, 5);
  });
});
