import { asRows } from "./instance.ts";
import type { InputOf } from "./manifest-input.ts";
import type { ModelInput } from "./model-input.ts";
import { isNumberType, numbersTensor, type NumberType } from "./numbers-tensor.ts";
import type { TensorInfo } from "./session.ts";

/** A run can't be interrupted. */
const MAX_BATCH = 64;

/** The columns of a row that one tensor holds, `width` the axes after the rows. */
interface NumberTensor {
  readonly name: string;
  readonly type: NumberType;
  readonly dims: readonly (number | string)[];
  readonly from: number;
  readonly to: number;
  readonly width: readonly number[];
}

/** Rows of numbers, many a run; one by one where the model was exported for one row. */
export function floatsInput(input: InputOf<"floats">, graphInputs: readonly TensorInfo[]): ModelInput {
  const parts = numberTensors(input, graphInputs);
  const most = parts.some(({ dims }) => dims[0] === 1) ? 1 : MAX_BATCH;
  return {
    tensors: Object.fromEntries(parts.map(({ name, type, dims }) => [name, { type, dims }])),
    *batches(instances) {
      const rows = asRows(instances);
      for (let at = 0; at < rows.length; at += most) {
        const chunk = rows.slice(at, at + most);
        const positions = chunk.map((_, index) => at + index);
        const tensors = parts.map(({ name, type, width, from, to }) => {
          const numbers = chunk.flatMap(({ floats }) => floats.slice(from, to));
          const data = numbersTensor(type, numbers, input.columns.slice(from, to));
          return [name, { data, dims: [chunk.length, ...width] }] as const;
        });
        yield { positions, tensors: Object.fromEntries(tensors) };
      }
    },
  };
}

function numberTensors({ name, columns }: InputOf<"floats">, graphInputs: readonly TensorInfo[]): NumberTensor[] {
  const tensorOf = (tensor: string, from: number, to: number): NumberTensor => {
    const found = graphInputs.find((input) => input.name === tensor);
    const rows = found?.shape[0] === 1 ? 1 : "N";
    const width = found?.shape.length === 1 ? [] : [to - from];
    const type = found && isNumberType(found.type) ? found.type : "float32";
    return { name: tensor, from, to, type, width, dims: [rows, ...width] };
  };
  if (typeof name === "string") return [tensorOf(name, 0, columns.length)];
  const starts = [...name.keys()].filter((at) => name[at] !== name[at - 1]);
  return starts.map((from, at) => tensorOf(name[from] ?? "", from, starts[at + 1] ?? name.length));
}
