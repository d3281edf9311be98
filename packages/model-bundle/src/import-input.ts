import { access, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { FEATURE_VERSION } from "@tagsmith/features/vectorize";
import { onDisk } from "./disk.ts";
import { BundleError } from "./errors.ts";
import { readClassifier, type Classifier } from "./hugging-face.ts";
import { readImported } from "./import-files.ts";
import type { InputKind, InputOf, TextField } from "./manifest-input.ts";
import type { Manifest } from "./manifest.ts";
import { numbersOf, QUESTION, textsOf } from "./import-rows.ts";
import { describeTensors, type GraphTensor } from "./onnx-graph.ts";
import { TOKEN_IDS } from "./tokens-input.ts";

const TOKENIZER_FILE = "tokenizer.json";

export interface InputOptions {
  /** The model's file; a tokenizer lies beside it unless it is named. */
  readonly onnx: string;
  /** What a model of texts reads of a question, in this order: title and body unless given. */
  readonly fields?: readonly TextField[] | undefined;
  /** What stands between them where a tokenizer reads them, a line feed unless given; and what it reads as a second text. */
  readonly separator?: string | undefined;
  readonly pair?: readonly TextField[] | undefined;
  readonly tokenizer?: string | undefined;
  readonly maxTokens?: number | undefined;
  /** The file of a features model. */
  readonly vocabulary?: string | undefined;
  /** What the numbers of a row are. */
  readonly columns?: readonly string[] | undefined;
  readonly folder: string;
}

interface ImportedInput extends Partial<Pick<Classifier, "labels" | "activation">> {
  readonly input: Manifest["input"];
  /** What was written into the bundle's folder. */
  readonly files: readonly string[];
}

/** What only some kinds of model have a use for, by the names of the command line. */
const uses = [
  ["fields", "--fields", ["text", "tokens"]],
  ["separator", "--separator", ["tokens"]],
  ["pair", "--pair", ["tokens"]],
  ["tokenizer", "--tokenizer", ["tokens"]],
  ["maxTokens", "--max-tokens", ["tokens"]],
  ["columns", "--columns", ["floats"]],
  ["vocabulary", "--vocabulary", ["features"]],
] as const satisfies [keyof InputOptions, string, InputKind[]][];

/**
 * Tells from a graph's inputs what the model reads, and brings along the file that it is read with.
 * @throws {BundleError} `invalid_import`, also for an option that the model has no use for; `missing_file`, `disk_failed`
 */
export async function importInput(inputs: readonly GraphTensor[], options: InputOptions): Promise<ImportedInput> {
  const imported = await inputOf(inputs, options);
  const { kind } = imported.input;
  for (const [name, option, kinds] of uses) {
    if (options[name] === undefined || kinds.some((other) => other === kind)) continue;
    const message = `${option} is for a model of ${kinds.join(" or ")}; this one reads ${describeTensors(inputs)}`;
    throw new BundleError("invalid_import", message);
  }
  return imported;
}

async function inputOf(inputs: readonly GraphTensor[], options: InputOptions): Promise<ImportedInput> {
  if (inputs.some(({ name }) => name === TOKEN_IDS)) return importTokens(options);
  const input = textsOf(inputs, options) ?? numbersOf(inputs, options);
  if (input) return { input, files: [] };
  const ids = inputs.find(({ type, shape }) => type === "int32" && shape.length === 2);
  const weights = inputs.find(({ type, shape }) => type === "float32" && shape.length === 2);
  if (ids && weights && inputs.length === 2) return importFeatures({ ids: ids.name, weights: weights.name }, options);
  const known = `texts (string[N,1]), numbers (float32[N,D]), int64 "${TOKEN_IDS}" and what goes with it, or int32[N,K] and float32[N,K]`;
  throw new BundleError("invalid_import", `a model reads ${known}; this one reads ${describeTensors(inputs)}`);
}

async function importTokens({
  onnx,
  folder,
  fields = QUESTION,
  separator = "\n",
  pair,
  ...options
}: InputOptions): Promise<ImportedInput> {
  const path = options.tokenizer ?? (await tokenizerOf(onnx));
  const { labels, activation, maxTokens, truncationSide } = await readClassifier(path);
  const tokens = options.maxTokens ?? maxTokens;
  if (tokens === undefined)
    throw new BundleError("invalid_import", `${path} doesn't say how many tokens the model takes: give --max-tokens`);
  const tokenizer = await bring(path, folder, TOKENIZER_FILE);
  const input: InputOf<"tokens"> = { kind: "tokens", tokenizer, max_tokens: tokens, fields: [...fields], separator };
  if (truncationSide) input.truncation_side = truncationSide;
  if (pair) input.pair = [...pair];
  return { input, files: [tokenizer], labels, activation };
}

/** Beside the model, or above it where that is in a folder `onnx`, as in many of Hugging Face's repositories. */
async function tokenizerOf(onnx: string): Promise<string> {
  const folder = dirname(onnx);
  const beside = join(folder, TOKENIZER_FILE);
  const above = join(folder, "..", TOKENIZER_FILE);
  if (basename(resolve(folder)) !== "onnx") return beside;
  return access(beside).then(
    () => beside,
    () => above,
  );
}

async function importFeatures(
  tensors: { readonly ids: string; readonly weights: string },
  { vocabulary: path, folder }: InputOptions,
): Promise<ImportedInput> {
  if (!path) throw new BundleError("invalid_import", "a features model comes with a vocabulary: give --vocabulary");
  const vocabulary = await bring(path, folder, "vocabulary.bin");
  return { input: { kind: "features", feature_version: FEATURE_VERSION, vocabulary, ...tensors }, files: [vocabulary] };
}

/** Copies a file into the bundle. Resolves to its name there. */
async function bring(path: string, folder: string, name: string): Promise<string> {
  const bytes = await readImported(path);
  await onDisk(join(folder, name), () => writeFile(join(folder, name), bytes));
  return name;
}
