import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "@tagsmith/model-bundle/session";
import { expect, test } from "vitest";
import { confidencesOf } from "./calibration.ts";
import { buildModel, tensors } from "./onnx-graph.ts";
import { quantize } from "./quantize.ts";

test("the graph bends margins into confidences as the calibration does, on all of its pieces", async () => {
  const calibration = { knots: [-1, 0, 1.5], slopes: [9, 4, 2, 0.5], offset: -3 };
  const bias = Float32Array.of(-1.5, 0.25);
  const table = quantize(Float32Array.of(0, 0, 1, -1, 0.5, 0.5), 2);
  const folder = await mkdtemp(join(tmpdir(), "graph-"));
  const path = join(folder, "model.onnx");
  await writeFile(path, buildModel({ table, bias, calibration }));
  const session = await Session.open(path);
  const weights = [-1, 0.3, 0.9, 2, 4].flatMap((weight) => [weight, 0]);
  const { data, dims } = await session.run(
    {
      [tensors.ids]: { data: Int32Array.from(weights, (_, at) => (at % 2 === 0 ? 1 : 0)), dims: [5, 2] },
      [tensors.weights]: { data: Float32Array.from(weights), dims: [5, 2] },
    },
    tensors.probabilities,
  );
  await session.close();
  await rm(folder, { recursive: true });
  expect(dims).toEqual([5, 2]);
  const margins = [-1, 0.3, 0.9, 2, 4].flatMap((weight) => [weight - 1.5, 0.25 - weight]);
  confidencesOf(Float32Array.from(margins), calibration).forEach((confidence, at) => {
    expect(data[at], `margin ${margins[at]}`).toBeCloseTo(confidence, 5);
  });
});
