import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { BundleError } from "./errors.ts";
import { parseGolden, parseLabels } from "./import-files.ts";
import { importModel, type ImportOptions } from "./import.ts";
import { versionId } from "./layout.ts";
import { parseUsage, UsageError } from "./usage.ts";

/** Golden answers of another machine's processor differ by less. */
const DEFAULT_TOLERANCE = "1e-4";

const options = {
  onnx: { type: "string" },
  labels: { type: "string" },
  name: { type: "string" },
  version: { type: "string" },
  out: { type: "string" },
  input: { type: "string", default: "text" },
  fields: { type: "string", default: "title,body" },
  vocabulary: { type: "string" },
  output: { type: "string" },
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
  const tensors = `${input.kind} input, output "${output}", ${labels.length} labels`;
  const source = values.golden ? "recorded answers matched" : "answers recorded";
  return `${versionId(bundle.manifest)} is in ${out}: ${tensors}, ${golden.examples.length} ${source}`;
}

function parseImportArgs(args: readonly string[]) {
  return parseUsage(() => parseArgs({ args: [...args], options })).values;
}

async function importOptions(values: Values): Promise<ImportOptions> {
  const labelsPath = required(values, "labels");
  return {
    onnx: required(values, "onnx"),
    labels: parseLabels(labelsPath, (await read(labelsPath)).toString("utf8")),
    name: required(values, "name"),
    version: required(values, "version"),
    input: await inputOptions(values),
    output: values.output,
    golden: values.golden ? parseGolden(values.golden, (await read(values.golden)).toString("utf8")) : undefined,
    tolerance: number(values, "tolerance"),
    threshold: number(values, "threshold"),
    description: values.description,
    trainingData: values["training-data"],
    licence: values.licence,
    folder: required(values, "out"),
  };
}

async function inputOptions(values: Values): Promise<ImportOptions["input"]> {
  if (values.input === "features") {
    return { kind: "features", vocabulary: await read(required(values, "vocabulary")) };
  }
  if (values.input !== "text") throw new UsageError(`--input is text or features, not "${values.input}"`);
  const fields = values.fields.split(",").map((field) => {
    if (field !== "title" && field !== "body") throw new UsageError(`--fields has title and body, not "${field}"`);
    return field;
  });
  return { kind: "text", fields };
}

function required(values: Values, name: "onnx" | "labels" | "name" | "version" | "out" | "vocabulary"): string {
  const value = values[name];
  if (!value) throw new UsageError(`import needs --${name}`);
  return value;
}

function number(values: Values, name: "tolerance" | "threshold"): number {
  const value = Number(values[name]);
  if (Number.isNaN(value)) throw new UsageError(`--${name} is a number, not "${values[name]}"`);
  return value;
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BundleError("missing_file", `${path} can't be read: ${reason}`, { cause });
  }
}
