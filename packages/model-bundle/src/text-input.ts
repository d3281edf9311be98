import { asQuestions } from "./instance.ts";
import type { InputOf, TextField } from "./manifest-input.ts";
import type { ModelInput } from "./model-input.ts";
import { questionText } from "./question-text.ts";
import type { TensorInfo } from "./session.ts";

interface TextTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** What stands in each of its columns; several fields are joined. */
  readonly columns: readonly (readonly TextField[])[];
}

/**
 * One question a run: in company, a tokenizer pads the shorter texts with what may be a token of the model's own, as "#" is
 * where skl2onnx exports character n-grams, and they would be answered otherwise than alone.
 */
export function textInput(input: InputOf<"text">, graphInputs: readonly TensorInfo[]): ModelInput {
  const texts = textTensors(input, graphInputs);
  return {
    tensors: Object.fromEntries(texts.map(({ name, dims }) => [name, { type: "string", dims } as const])),
    *batches(instances) {
      for (const [position, question] of asQuestions(instances).entries()) {
        const tensors = texts.map(({ name, columns, dims }) => {
          return [name, { data: columns.map((fields) => questionText(question, fields)), dims }] as const;
        });
        yield { positions: [position], tensors: Object.fromEntries(tensors) };
      }
    },
  };
}

/** A model that has as many columns as there are fields reads each by itself, as one with a tensor for each does. */
function textTensors({ name, fields }: InputOf<"text">, graphInputs: readonly TensorInfo[]): TextTensor[] {
  const shapeOf = (tensor: string) => graphInputs.find((input) => input.name === tensor)?.shape;
  const each = fields.map((field) => [field]);
  if (typeof name !== "string")
    return name.flatMap((tensor, at) => textTensor(tensor, each.slice(at, at + 1), shapeOf(tensor)));
  const shape = shapeOf(name);
  return [textTensor(name, shape?.[1] === fields.length ? each : [fields], shape)];
}

function textTensor(name: string, columns: TextTensor["columns"], shape: TensorInfo["shape"] | undefined): TextTensor {
  return { name, columns, dims: shape?.length === 1 ? [1] : [1, columns.length] };
}
