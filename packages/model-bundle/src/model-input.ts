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

function* inChunks<T>(all: readonly T[]): Generator<{ positions: number[]; chunk: readonly T[] }, void, undefined> {
  for (let at = 0; at < all.length; at += MAX_BATCH) {
    const chunk = all.slice(at, at + MAX_BATCH);
    yield { positions: chunk.map((_, index) => at + index), chunk };
  }
}

function textInput({ name, fields }: InputOf<"text">): ModelInput {
  return {
    tensors: { [name]: { type: "string", width: 1 } },
    *batches(instances) {
      for (const { positions, chunk } of inChunks(asQuestions(instances))) {
        const data = chunk.map((question) => questionText(question, fields));
        yield { positions, tensors: { [name]: { data, dims: [chunk.length, 1] } } };
      }
    },
  };
}

function floatsInput({ name, columns }: InputOf<"floats">): ModelInput {
  const width = columns.length;
  return {
    tensors: { [name]: { type: "float32", width } },
    *batches(instances) {
      for (const { positions, chunk } of inChunks(asRows(instances))) {
        const data = Float32Array.from(chunk.flatMap(({ floats }) => floats));
        yield { positions, tensors: { [name]: { data, dims: [chunk.length, width] } } };
      }
    },
  };
}
