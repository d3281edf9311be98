import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session, type TensorData } from "@tagsmith/model-bundle/session";
import { encodeModel, FLOAT, floats, INT64, integers, node, tensor } from "@tagsmith/model-bundle/test/onnx-model";
import onnxProto from "onnx-proto";
import { expect, test } from "vitest";
import { confidencesOf } from "./calibration.ts";
import { buildModel, tensors } from "./onnx-graph.ts";
import { score } from "./score.ts";

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
  const model = { weights: Float32Array.of(0, 0, 1, -1, 0.5, 0.5), bias };
  const weights = [-1, 0.3, 0.9, 2, 4].flatMap((weight) => [weight, 0]);
  const { data, dims } = await run(buildModel({ model, calibration }), {
    [tensors.ids]: { data: Int32Array.from(weights, (_, at) => (at % 2 === 0 ? 1 : 0)), dims: [5, 2] },
    [tensors.weights]: { data: Float32Array.from(weights), dims: [5, 2] },
  });
  expect(dims).toEqual([5, 2]);
  const margins = [-1, 0.3, 0.9, 2, 4].flatMap((weight) => [weight - 1.5, 0.25 - weight]);
  confidencesOf(Float32Array.from(margins), calibration).forEach((confidence, at) => {
    expect(data[at], `margin ${margins[at]}`).toBeCloseTo(confidence, 5);
  });
});

test("an embedding bag makes margins of the units that are above zero alone", async () => {
  const calibration = { knots: [0], slopes: [2, 1], offset: -1 };
  const units = { weights: Float32Array.of(0, 0, 0, 1, -1, 0.5, -2, 2, 1), bias: Float32Array.of(0.25, -0.5, 0) };
  const logits = { weights: Float32Array.of(1, -1, 2, 0.5, -3, 1), bias: Float32Array.of(0.5, -0.5) };
  const model = { units, logits };
  const asked = {
    offsets: Int32Array.of(0, 2, 4),
    ids: Int32Array.of(1, 2, 1, 0),
    weights: Float32Array.of(1, 2, 3, 1),
  };
  const { data } = await run(buildModel({ model, calibration }), {
    [tensors.ids]: { data: asked.ids, dims: [2, 2] },
    [tensors.weights]: { data: asked.weights, dims: [2, 2] },
  });
  const margins = score(model, asked);
  // 1 × (1, -1, .5) + 2 × (-2, 2, 1) + bias = (-2.75, 2.5, 2.5), then 3 × the former alone
  expect([...margins]).toEqual([
    2.5 * 2 - 2.5 * 3 + 0.5,
    2.5 * 0.5 + 2.5 - 0.5,
    3.25 - 1.5 * 3 + 0.5,
    -3.25 + 1.5 - 0.5,
  ]);
  confidencesOf(margins, calibration).forEach((confidence, at) => expect(data[at]).toBeCloseTo(confidence, 2));
});

test("another model's output is added to the margins by its shares, whatever its names", async () => {
  const calibration = { knots: [0], slopes: [2, 1], offset: -1 };
  const bias = Float32Array.of(0.5, -0.5);
  const model = { weights: Float32Array.of(0, 0, 1, -1), bias };
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
  const { data } = await run(buildModel({ model, calibration, added }), {
    input_ids: { data: BigInt64Array.of(1n, 2n, 3n), dims: [1, 3] },
    [tensors.ids]: { data: Int32Array.of(1), dims: [1, 1] },
    [tensors.weights]: { data: Float32Array.of(2), dims: [1, 1] },
  });
  const margins = Float32Array.of(2 + 0.5 + 0.1 * 6, -2 - 0.5 + 0.1 * 60);
  confidencesOf(margins, calibration).forEach((confidence, column) => {
    expect(data[column], `column ${column}`).toBeCloseTo(confidence, 5);
  });
});
