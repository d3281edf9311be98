import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { onnx as Onnx } from "onnx-proto";
import { afterAll } from "vitest";
import type { Bundle } from "../src/bundle.ts";
import { importModel, type ImportOptions } from "../src/import.ts";
import type { Instance } from "../src/instance.ts";
import type { GoldenExample } from "../src/manifest.ts";
import { createPredictor } from "../src/predictor.ts";
import { encodeModel, FLOAT, node, tensor } from "./onnx-model.ts";

export const sklearn = fileURLToPath(new URL("../../../examples/sklearn-text/", import.meta.url));
export const classifier = fileURLToPath(new URL("../../../examples/huggingface-classifier/", import.meta.url));
export const iris = fileURLToPath(new URL("../../../examples/plain-floats/model.onnx", import.meta.url));
export const labels = ["c#", "c++", "javascript", "python", "sql"];
export const golden = JSON.parse(await readFile(join(sklearn, "golden.json"), "utf8")) as GoldenExample[];

/** Of the scikit-learn pipeline in examples/. */
export const options: ImportOptions = {
  onnx: join(sklearn, "model.onnx"),
  labels,
  name: "mine",
  version: "1",
  tolerance: 1e-5,
  threshold: 0.5,
  description: "",
  trainingData: "",
  licence: "",
  folder: "",
};

export const scratch = await mkdtemp(join(tmpdir(), "import-"));
afterAll(() => rm(scratch, { recursive: true }));
let folders = 0;
/** Where there is nothing yet. */
export const freshFolder = () => join(scratch, String(++folders));

/** Two floats, which it answers. */
export const identity = {
  name: "identity",
  input: [tensor("x", FLOAT, ["N", 2])],
  output: [tensor("y", FLOAT, ["N", 2])],
  node: [node("Identity", ["x"], "y")],
};

export async function onnxFile(bytes: Uint8Array): Promise<string> {
  const path = `${freshFolder()}.onnx`;
  await writeFile(path, bytes);
  return path;
}

/** A table with a column a label, as `imported` has them. */
export const outputOf = (labels: number, type: Onnx.TensorProto.DataType = FLOAT) => [tensor("y", type, ["N", labels])];

/** Tensors of one column each, side by side. */
export const sideBySide = (inputs: string[], output: string) => ({
  ...node("Concat", inputs, output),
  attribute: [{ name: "axis", type: 2, i: 1 }],
});

export interface Foreign extends Partial<ImportOptions> {
  readonly graph: Onnx.IGraphProto;
}

/** The bundle of a graph with an output of up to three labels. */
export async function imported({ graph, ...change }: Foreign): Promise<Bundle> {
  const onnx = await onnxFile(encodeModel(graph));
  const labels = ["a", "b", "c"].slice(0, Number(graph.output?.[0]?.type?.tensorType?.shape?.dim?.[1]?.dimValue));
  return importModel({ ...options, onnx, labels, folder: freshFolder(), ...change });
}

export async function answers(bundle: Bundle, instances: readonly Instance[]): Promise<number[][]> {
  const predictor = await createPredictor(bundle);
  const rows = await predictor.predict(instances);
  await predictor.close();
  return rows.map((row) => [...row]);
}
