import type { Bundle } from "./bundle.ts";
import { featuresInput } from "./features-input.ts";
import type { Instance } from "./instance.ts";
import type { NumberType } from "./numbers-tensor.ts";
import type { TensorData, TensorInfo } from "./session.ts";
import { textInput } from "./text-input.ts";

/** An input as the model is given it. An axis with a name is as long as it happens to be: the model's own must be open. */
export interface InputTensor {
  readonly type: NumberType | "string";
  readonly dims: readonly (number | string)[];
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
      return textInput(input, graphInputs);
    case "features":
      return featuresInput(bundle, input);
    case "tokens":
      // Imported where it is needed, as the next: the default model has no use for them.
      return (await import("./tokens-input.ts")).tokensInput(bundle, input, graphInputs);
    case "floats":
      return (await import("./floats-input.ts")).floatsInput(input, graphInputs);
  }
}
