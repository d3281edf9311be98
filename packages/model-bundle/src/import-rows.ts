import { BundleError } from "./errors.ts";
import type { InputOptions } from "./import-input.ts";
import { textField, type InputOf, type TextField } from "./manifest-input.ts";
import { isNumberType } from "./numbers-tensor.ts";
import { describeTensors, type GraphTensor } from "./onnx-graph.ts";
import { TOKEN_IDS } from "./tokens-input.ts";

/** What a model of texts reads unless it is told. */
export const QUESTION = ["title", "body"] as const;

/**
 * What a model of strings reads: one text, as skl2onnx's `StringTensorType([None, 1])` or of no shape at all, a table with a column for each field, or
 * a tensor for each. Undefined for another model. @throws {BundleError} `invalid_import`
 */
export function textsOf(inputs: readonly GraphTensor[], { fields }: InputOptions): InputOf<"text"> | undefined {
  const [first, ...others] = inputs;
  if (!first || inputs.some(({ type, shape }) => type !== "string" || shape.length > 2)) return undefined;
  if (others.length > 0) return textOfEach(inputs, fields);
  const [width = 1, read = QUESTION] = [first.shape[1], fields];
  if (width > 1 && width !== read.length) throw otherCount(inputs, width, read);
  return { kind: "text", name: first.name, fields: [...read] };
}

function textOfEach(inputs: readonly GraphTensor[], fields: InputOptions["fields"]): InputOf<"text"> | undefined {
  if (!inputs.every(isColumn)) return undefined;
  const read =
    fields ?? inputs.flatMap(({ name }) => textField.options.filter((field) => field === name.toLowerCase()));
  if (read.length !== inputs.length) throw otherCount(inputs, inputs.length, read);
  return { kind: "text", name: inputs.map(({ name }) => name), fields: [...read] };
}

function otherCount(inputs: readonly GraphTensor[], count: number, fields: readonly TextField[]): BundleError {
  const given = fields.length === 0 ? "" : `, not only ${fields.join(", ")}`;
  const message = `the model reads ${count} texts, ${describeTensors(inputs)}: say with --fields what each is${given}`;
  return new BundleError("invalid_import", message);
}

/**
 * What a model of numbers reads: rows of one tensor, or a tensor for each column, as skl2onnx exports what was trained on a
 * data frame, or for some of them, as of categories and of measurements. Undefined for another model. @throws {BundleError} `invalid_import`
 */
export function numbersOf(inputs: readonly GraphTensor[], { columns }: InputOptions): InputOf<"floats"> | undefined {
  const [first, ...others] = inputs;
  if (!first || !inputs.every(({ type }) => isNumberType(type))) return undefined;
  if (others.length > 0) {
    if (!inputs.every((input) => isColumn(input) || isOfColumns(input))) return undefined;
    const names = inputs.flatMap((input) => columnsOf(input).map(() => input.name));
    const has = `the model has ${inputs.length} inputs of ${names.length} columns`;
    return { kind: "floats", name: names, columns: named(has, inputs.flatMap(columnsOf), columns) };
  }
  if (first.shape.length !== 2) return undefined;
  const width = first.shape[1] ?? -1;
  if (width < 0 && !columns) {
    const message = `${first.type}[${first.shape.join(",")}] doesn't say how many columns there are: give --columns`;
    const tokens = /^int(?:32|64)$/.test(first.type) ? `, or call it "${TOKEN_IDS}" where it reads tokens` : "";
    throw new BundleError("invalid_import", `input "${first.name}": ${message}${tokens}`);
  }
  const numbered = Array.from({ length: Math.max(0, width) }, (_, index) => `x${index}`);
  const has = `input "${first.name}": has ${width} columns`;
  return {
    kind: "floats",
    name: first.name,
    columns: width < 0 && columns ? [...columns] : named(has, numbered, columns),
  };
}

/** @throws {BundleError} `invalid_import` where there are more names than columns, or fewer */
function named(has: string, names: readonly string[], columns: InputOptions["columns"]): string[] {
  if (!columns || columns.length === names.length) return [...(columns ?? names)];
  throw new BundleError("invalid_import", `${has}, but ${columns.length} are named`);
}

/** Of several of its own, the input's name and their numbers. */
function columnsOf(input: GraphTensor): string[] {
  const { name, shape } = input;
  return isColumn(input) ? [name] : Array.from({ length: shape[1] ?? 0 }, (_, index) => `${name}${index}`);
}

const isOfColumns = ({ shape }: GraphTensor): boolean => shape.length === 2 && (shape[1] ?? 0) > 0;

/** One value a row. */
const isColumn = ({ shape }: GraphTensor): boolean => shape.length === 1 || (shape.length === 2 && shape[1] === 1);
