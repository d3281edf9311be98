import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import type { ImportOptions } from "../src/import.ts";
import type { GoldenExample } from "../src/manifest.ts";

export const sklearn = fileURLToPath(new URL("../../../examples/sklearn-text/", import.meta.url));
export const classifier = fileURLToPath(new URL("../../../examples/huggingface-classifier/", import.meta.url));
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
