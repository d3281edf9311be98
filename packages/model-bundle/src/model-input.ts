import type { Bundle } from "./bundle.ts";
import { featuresInput } from "./features-input.ts";
import { asQuestions, asRows, type Instance } from "./instance.ts";
import type { InputOf } from "./manifest-input.ts";
import { questionText } from "./question-text.ts";
import type { TensorData, TensorInfo } from "./session.ts";

/** A run can't be interrupted. */
const MAX_BATCH = 64;

/** An input as the model must have it: its rows are open, and so are its columns where there is no width. */
export interface InputTensor {
  readonly type: "float32" | "int32" | "int64" | "string";
  readonly width?: number;
}

/** What the model reads of what it is asked. */
export interface ModelInput {
  /** The model's input tensors by their names. */
  readonly tensors: Readonly<Record<string, InputTensor>>;
  /** The questions or rows in order, as tensors of bounded size. */
  batches(instances: readonly Instance[]): Iterable<Batch>;
}

export interface Batch {
  /** Where each of its questions stands among those that were given. */
  readonly positions: readonly number[];
  readonly tensors: Readonly<Record<string, TensorData>>;
}

/**
 * `graphInputs` are those that the model has.
 * @throws {BundleError} `missing_file`, `invalid_model` for a malformed vocabulary or tokenizer
 */
export async function createInput(bundle: Bundle, graphInputs: readonly TensorInfo[]): Promise<ModelInput> {
  const { input } = bundle.manifest;
  switch (input.kind) {
    case "text":
      return textInput(input);
    case "features":
      return featuresInput(bundle, input);
    case "tokens":
      // Imported where it is needed: the default model has no use for it.
      return (await import("./tokens-input.ts")).tokensInput(bundle, input, graphInputs);
    case "floats":
      return floatsInput(input);
  }
}

/**
 * One question a run: in company, a tokenizer pads the shorter texts with what may be a token of the model's own, as "#" is
 * where skl2onnx exports character n-grams, and they would be answered otherwise than alone.
 */
function textInput({ name, fields }: InputOf<"text">): ModelInput {
  return {
    tensors: { [name]: { type: "string", width: 1 } },
    *batches(instances) {
      for (const [position, question] of asQuestions(instances).entries()) {
        yield { positions: [position], tensors: { [name]: { data: [questionText(question, fields)], dims: [1, 1] } } };
      }
    },
  };
}

function floatsInput({ name, columns }: InputOf<"floats">): ModelInput {
  const width = columns.length;
  return {
    tensors: { [name]: { type: "float32", width } },
    *batches(instances) {
      const rows = asRows(instances);
      for (let at = 0; at < rows.length; at += MAX_BATCH) {
        const chunk = rows.slice(at, at + MAX_BATCH);
        const data = Float32Array.from(chunk.flatMap(({ floats }) => floats));
        const positions = chunk.map((_, index) => at + index);
        yield { positions, tensors: { [name]: { data, dims: [chunk.length, width] } } };
      }
    },
  };
}
