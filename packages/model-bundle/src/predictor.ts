import { join } from "node:path";
import { activate } from "./activation.ts";
import type { Bundle } from "./bundle.ts";
import { BundleError } from "./errors.ts";
import { isFloatRow, type Instance } from "./instance.ts";
import type { Manifest } from "./manifest.ts";
import { createInput, type InputTensor, type ModelInput } from "./model-input.ts";
import { Session, type FloatTensor, type TensorInfo } from "./session.ts";

/** Rounding may carry a probability this far past 0 or 1. */
const ROUNDING = 1e-6;

export interface Predictor {
  readonly manifest: Manifest;
  /**
   * Probabilities of the labels, one `Float32Array[labels]` per question or row, in their order.
   * @throws {BundleError} `invalid_output`, `invalid_model`
   */
  predict(instances: readonly Instance[]): Promise<readonly Float32Array[]>;
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
  const session = await Session.open(join(bundle.folder, manifest.model));
  const input = await openInput(bundle, session);
  const predict = async (instances: readonly Instance[]): Promise<readonly Float32Array[]> => {
    const rows = new Array<Float32Array>(instances.length);
    for (const { positions, tensors } of input.batches(instances)) {
      const answered = toProbabilities(await session.run(tensors, manifest.output), positions.length, manifest);
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

async function openInput(bundle: Bundle, session: Session): Promise<ModelInput> {
  try {
    const input = await createInput(bundle, session.inputs);
    checkInputs(session.inputs, input.tensors);
    checkOutput(session, bundle.manifest);
    return input;
  } catch (error) {
    await session.close();
    throw error;
  }
}

function checkInputs(found: readonly TensorInfo[], expected: ModelInput["tensors"]): void {
  const quoted = (tensors: readonly TensorInfo[]) => tensors.map(({ name }) => `"${name}"`).join(", ");
  const missing = found.filter(({ name }) => !(name in expected));
  if (missing.length > 0) {
    throw new BundleError("invalid_model", `the model needs inputs that the manifest doesn't name: ${quoted(missing)}`);
  }
  for (const [name, tensor] of Object.entries(expected)) {
    const input = found.find((other) => other.name === name);
    if (!input) {
      const message = `input "${name}": the model has none of that name, but ${quoted(found)}`;
      throw new BundleError("invalid_model", message);
    }
    if (fits(input, tensor)) continue;
    const message = `expected ${describe(tensor.type, tensor.dims)}, found ${describe(input.type, input.shape)}`;
    const hint = isClosed(input, tensor) ? "; export it with open (dynamic) axes" : "";
    throw new BundleError("invalid_model", `input "${name}": ${message}${hint}`);
  }
}

function fits({ type, shape }: TensorInfo, expected: InputTensor): boolean {
  const { dims } = expected;
  const isTaken = dims.every((dim, axis) => isOpen(shape[axis]) || shape[axis] === dim);
  const isOfAnyShape = shape.length === 0;
  return type === expected.type && (isOfAnyShape || (shape.length === dims.length && isTaken));
}

/** Whether the model takes so many rows, or so many tokens, and no other number of them. */
function isClosed({ shape }: TensorInfo, { dims }: InputTensor): boolean {
  return dims.some(
    (dim, axis) => !isOpen(shape[axis]) && dim !== shape[axis] && (axis === 0 || typeof dim === "string"),
  );
}

const describe = (type: string, dims: readonly (number | string)[]): string =>
  `${type}[${dims.map((dim) => (dim === "" ? -1 : dim)).join(",")}]`;

const isOpen = (axis: number | string | undefined): boolean => typeof axis === "string" || (axis ?? 0) <= 0;

/** Doubles are rounded to single precision. */
export const isFloat = ({ type }: Pick<TensorInfo, "type">): boolean =>
  type === "float32" || type === "float64" || type === "float16";

/** A row a question: of one label, that may be a number alone; what a shape that isn't told turns out to be, runs will show. */
export const hasRows = ({ shape }: Pick<TensorInfo, "shape">, labels: number): boolean =>
  shape.length === 2 || shape.length === 0 || (shape.length === 1 && labels === 1);

function checkOutput(session: Session, { output, labels }: Manifest): void {
  const found = session.outputs.find(({ name }) => name === output);
  const names = session.outputs.map(({ name }) => `"${name}"`).join(", ");
  if (!found)
    throw new BundleError("invalid_model", `output "${output}": the model has none of that name, but ${names}`);
  const columns = found.shape[1];
  if (!isFloat(found) || !hasRows(found, labels.length) || !(isOpen(columns) || columns === labels.length)) {
    const expected = `float32[N,${labels.length}]`;
    const message = `expected ${expected}, found ${describe(found.type, found.shape)}`;
    throw new BundleError("invalid_model", `output "${output}": ${message}`);
  }
}

function toProbabilities({ data, dims }: FloatTensor, size: number, manifest: Manifest): Float32Array[] {
  const { output, labels, activation } = manifest;
  const [rows, columns = 1] = dims;
  if (dims.length > 2 || rows !== size || columns !== labels.length) {
    const message = `expected [${size},${labels.length}], found [${dims.join(",")}]`;
    throw new BundleError("invalid_output", `output "${output}": ${message}`);
  }
  if (activation) {
    assertEach(data, Number.isFinite, { expected: "finite scores", manifest });
    for (let row = 0; row < size; row++)
      activate(data.subarray(row * labels.length, (row + 1) * labels.length), activation);
  }
  assertEach(data, isProbability, { expected: "probabilities", manifest });
  for (let at = 0; at < data.length; at++) data[at] = Math.min(1, Math.max(0, data[at] ?? 0));
  if (size === 1) return [data];
  return Array.from({ length: size }, (_, row) => data.slice(row * labels.length, (row + 1) * labels.length));
}

const isProbability = (value: number): boolean => value >= -ROUNDING && value <= 1 + ROUNDING;

function assertEach(
  data: Float32Array,
  isRight: (value: number) => boolean,
  { expected, manifest }: { expected: string; manifest: Manifest },
): void {
  const { output, labels } = manifest;
  for (let at = 0; at < data.length; at++) {
    const value = data[at] ?? Number.NaN;
    if (isRight(value)) continue;
    const message = `expected ${expected}, found ${value} for "${labels[at % labels.length] ?? ""}"`;
    throw new BundleError("invalid_output", `output "${output}": ${message}`);
  }
}

function compareGolden({ golden, labels }: Manifest, found: readonly Float32Array[]): void {
  for (const [index, example] of golden.examples.entries()) {
    for (const [column, expected] of example.probabilities.entries()) {
      const got = found[index]?.[column] ?? Number.NaN;
      if (Math.abs(got - expected) <= golden.tolerance) continue;
      const message = `"${labels[column] ?? ""}" should be ${expected} and is ${got}, beyond ${golden.tolerance}`;
      const asked = JSON.stringify(isFloatRow(example) ? example.floats : example.title);
      throw new BundleError("golden_mismatch", `golden example ${index} (${asked}): ${message}`);
    }
  }
}
