import { parseArgs } from "node:util";
import { readGolden, readNames } from "./import-files.ts";
import { importModel, type ImportOptions } from "./import.ts";
import { versionId } from "./layout.ts";
import { textField, type TextField } from "./manifest-input.ts";
import { parseUsage, UsageError } from "./usage.ts";

/** Golden answers of another machine's processor differ by less. */
const DEFAULT_TOLERANCE = "1e-4";

const options = {
  onnx: { type: "string" },
  labels: { type: "string" },
  name: { type: "string" },
  version: { type: "string" },
  out: { type: "string" },
  fields: { type: "string" },
  separator: { type: "string" },
  pair: { type: "string" },
  tokenizer: { type: "string" },
  "max-tokens": { type: "string" },
  columns: { type: "string" },
  vocabulary: { type: "string" },
  output: { type: "string" },
  activation: { type: "string" },
  golden: { type: "string" },
  tolerance: { type: "string", default: DEFAULT_TOLERANCE },
  threshold: { type: "string", default: "0.5" },
  description: { type: "string", default: "" },
  "training-data": { type: "string", default: "" },
  licence: { type: "string", default: "" },
} as const;

type Values = ReturnType<typeof parseImportArgs>;

/** `import`: reads somebody's files and writes a bundle's folder. Resolves to what is printed. */
export async function runImport(args: readonly string[]): Promise<string> {
  const values = parseImportArgs(args);
  const out = required(values, "out");
  const bundle = await importModel(await importOptions(values));
  const { labels, golden, input, output } = bundle.manifest;
  const tensors = `${input.kind} input, output "${output}", ${labels.length} ${labels.length === 1 ? "label" : "labels"}`;
  const source = values.golden ? "recorded answers matched" : "answers recorded";
  return `${versionId(bundle.manifest)} is in ${out}: ${tensors}, ${golden.examples.length} ${source}`;
}

function parseImportArgs(args: readonly string[]) {
  return parseUsage(() => parseArgs({ args: [...args], options })).values;
}

async function importOptions(values: Values): Promise<ImportOptions> {
  return {
    onnx: required(values, "onnx"),
    labels: values.labels ? await readNames(values.labels) : undefined,
    name: required(values, "name"),
    version: required(values, "version"),
    fields: textFields(values, "fields"),
    separator: values.separator,
    pair: textFields(values, "pair"),
    tokenizer: values.tokenizer,
    maxTokens: values["max-tokens"] !== undefined ? number(values, "max-tokens") : undefined,
    columns: values.columns ? await readNames(values.columns) : undefined,
    vocabulary: values.vocabulary,
    output: values.output,
    activation: activation(values),
    golden: values.golden ? await readGolden(values.golden) : undefined,
    tolerance: number(values, "tolerance"),
    threshold: number(values, "threshold"),
    description: values.description,
    trainingData: values["training-data"],
    licence: values.licence,
    folder: required(values, "out"),
  };
}

function textFields(values: Values, option: "fields" | "pair"): TextField[] | undefined {
  return values[option]?.split(",").map((field) => {
    const known = textField.options.find((name) => name === field);
    if (known) return known;
    throw new UsageError(`--${option} has ${textField.options.join(", ")}, not "${field}"`);
  });
}

function activation({ activation: value }: Values): ImportOptions["activation"] {
  if (value === undefined || value === "sigmoid" || value === "softmax" || value === "none") return value;
  throw new UsageError(`--activation is sigmoid, softmax or none, not "${value}"`);
}

function required(values: Values, name: "onnx" | "name" | "version" | "out"): string {
  const value = values[name];
  if (!value) throw new UsageError(`import needs --${name}`);
  return value;
}

function number(values: Values, name: "tolerance" | "threshold" | "max-tokens"): number {
  const text = values[name]?.trim();
  const value = text ? Number(text) : Number.NaN; // Number("") is 0
  if (Number.isNaN(value)) throw new UsageError(`--${name} is a number, not "${values[name] ?? ""}"`);
  return value;
}
