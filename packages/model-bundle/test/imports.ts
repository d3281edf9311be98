import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import type { ImportOptions } from "../src/import.ts";
import type { GoldenExample } from "../src/manifest.ts";
import { FLOAT, node, tensor } from "./onnx-model.ts";

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
