import { join } from "node:path";
import type { Question } from "@tagsmith/features/question";
import type { Bundle } from "./bundle.ts";
import { BundleError } from "./errors.ts";
import { createInput, type ModelInput } from "./model-input.ts";
import type { Manifest } from "./manifest.ts";
import { Session, type FloatTensor } from "./session.ts";

/** Rounding may carry a probability this far past 0 or 1. */
const ROUNDING = 1e-6;

export interface Predictor {
  readonly manifest: Manifest;
  /**
   * Probabilities of the labels, one `Float32Array[labels]` per question, in the order of the questions.
   * @throws {BundleError} `invalid_output`, `invalid_model`
   */
  predict(questions: readonly Question[]): Promise<readonly Float32Array[]>;
  /** @throws {BundleError} `golden_mismatch`, naming the example, the label, what was expected and what came */
  checkGolden(): Promise<void>;
  /** Frees the model. Call it when nothing is in flight. */
  close(): Promise<void>;
}

/**
 * Loads a bundle's model on the calling thread and checks that its tensors are those of its manifest. What it computes is
 * for `checkGolden` to say.
 * @throws {BundleError} `missing_file`, `invalid_model`
 */
export async function createPredictor(bundle: Bundle): Promise<Predictor> {
  const { manifest } = bundle;
  const input = await createInput(bundle);
  const session = await Session.open(join(bundle.folder, manifest.model));
  try {
    checkTensors(session, manifest, input);
  } catch (error) {
    await session.close();
    throw error;
  }
  const predict = async (questions: readonly Question[]): Promise<readonly Float32Array[]> => {
    const rows = new Array<Float32Array>(questions.length);
    for (const { positions, tensors } of input.batches(questions)) {
      const answered = splitRows(await session.run(tensors, manifest.output), positions.length, manifest);
      answered.forEach((row, index) => (rows[positions[index] ?? 0] = row));
    }
    return rows;
  };
  return {
    manifest,
    predict,
    checkGolden: async () => compareGolden(manifest, await predict(manifest.golden.examples)),
    close: () => session.close(),
  };
}

function checkTensors(session: Session, manifest: Manifest, input: ModelInput): void {
  const missing = session.inputs.filter(({ name }) => !(name in input.types));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => `"${name}"`).join(", ");
    throw new BundleError("invalid_model", `the model needs inputs that the manifest doesn't name: ${names}`);
  }
  for (const [name, type] of Object.entries(input.types)) {
    const found = session.inputs.find((tensor) => tensor.name === name);
    const names = session.inputs.map((tensor) => `"${tensor.name}"`).join(", ");
    if (!found)
      throw new BundleError("invalid_model", `input "${name}": the model has none of that name, but ${names}`);
    if (found.type !== type || found.shape.length !== 2) {
      const shape = `${found.type}[${found.shape.join(",")}]`;
      throw new BundleError("invalid_model", `input "${name}": expected ${type} of 2 dimensions, found ${shape}`);
    }
  }
  checkOutput(session, manifest);
}

function checkOutput(session: Session, { output, labels }: Manifest): void {
  const found = session.outputs.find(({ name }) => name === output);
  const names = session.outputs.map(({ name }) => `"${name}"`).join(", ");
  if (!found)
    throw new BundleError("invalid_model", `output "${output}": the model has none of that name, but ${names}`);
  const columns = found.shape[1];
  const isFixed = typeof columns === "number" && columns > 0;
  if (found.type !== "float32" || found.shape.length !== 2 || (isFixed && columns !== labels.length)) {
    const shape = `${found.type}[${found.shape.join(",")}]`;
    const expected = `float32[N,${labels.length}]`;
    throw new BundleError("invalid_model", `output "${output}": expected ${expected}, found ${shape}`);
  }
}

function splitRows({ data, dims }: FloatTensor, size: number, { output, labels }: Manifest): Float32Array[] {
  if (dims.length !== 2 || dims[0] !== size || dims[1] !== labels.length) {
    const message = `expected [${size},${labels.length}], found [${dims.join(",")}]`;
    throw new BundleError("invalid_output", `output "${output}": ${message}`);
  }
  for (let at = 0; at < data.length; at++) {
    const value = data[at] ?? Number.NaN;
    if (value >= -ROUNDING && value <= 1 + ROUNDING) continue;
    const message = `expected probabilities, found ${value} for "${labels[at % labels.length] ?? ""}"`;
    throw new BundleError("invalid_output", `output "${output}": ${message}`);
  }
  if (size === 1) return [data];
  return Array.from({ length: size }, (_, row) => data.slice(row * labels.length, (row + 1) * labels.length));
}

function compareGolden({ golden, labels }: Manifest, found: readonly Float32Array[]): void {
  for (const [index, example] of golden.examples.entries()) {
    for (const [column, expected] of example.probabilities.entries()) {
      const got = found[index]?.[column] ?? Number.NaN;
      if (Math.abs(got - expected) <= golden.tolerance) continue;
      const message = `"${labels[column] ?? ""}" should be ${expected} and is ${got}, beyond ${golden.tolerance}`;
      throw new BundleError(
        "golden_mismatch",
        `golden example ${index} (${JSON.stringify(example.title)}): ${message}`,
      );
    }
  }
}
