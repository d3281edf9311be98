import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FEATURE_VERSION } from "@tagsmith/features/vectorize";
import { describeFile, writeManifest, type Bundle } from "./bundle.ts";
import { fillFolder, onDisk } from "./disk.ts";
import { BundleError } from "./errors.ts";
import { formatManifest, parseManifest, type GoldenExample, type Manifest } from "./manifest.ts";
import { describeTensors, type GraphTensor, type OnnxGraph } from "./onnx-graph.ts";
import { MODEL_FILE, placeModel } from "./place-model.ts";
import { createPredictor } from "./predictor.ts";

export interface ImportOptions {
  /** The model's file; weights that are in other files lie beside it. */
  readonly onnx: string;
  readonly labels: readonly string[];
  readonly name: string;
  readonly version: string;
  readonly input:
    | { readonly kind: "text"; readonly fields: readonly ("title" | "body")[] }
    | { readonly kind: "features"; readonly vocabulary: Uint8Array };
  /** Which output holds the probabilities, where it can't be told by its type and shape. */
  readonly output?: string | undefined;
  /** Answers recorded where the model comes from; without, those that it gives now are recorded. */
  readonly golden?: readonly GoldenExample[] | undefined;
  readonly tolerance: number;
  readonly threshold: number;
  readonly description: string;
  readonly trainingData: string;
  readonly licence: string;
  /** Where the bundle is written; it must not be there yet. */
  readonly folder: string;
}

const VOCABULARY = "vocabulary.bin";

const neutralQuestions = [
  { title: "How do I sort a list of dictionaries by a value?", body: "" },
  { title: "Difference between an inner join and a left join", body: "<p>When do I use <code>LEFT JOIN</code>?</p>" },
  { title: "c# or c++ for a small game?", body: "I know node.js &amp; a little python." },
  { title: "Warum ist das Ergebnis leer?", body: "" },
];

/**
 * Makes a bundle of somebody's ONNX model: finds its tensors, runs it, and holds it to its recorded answers. After a
 * failure there is no folder.
 * @throws {BundleError} `invalid_import`, `invalid_manifest`, `invalid_model`, `invalid_output`, `golden_mismatch`,
 * `missing_file`, `disk_failed`
 */
export async function importModel(options: ImportOptions): Promise<Bundle> {
  return fillFolder(options.folder, () => writeBundle(options));
}

async function writeBundle(options: ImportOptions): Promise<Bundle> {
  const { folder, input } = options;
  const graph = await placeModel(options.onnx, folder);
  const paths = [...graph.files, ...(await writeVocabulary(options))];
  const draft: Manifest = {
    schema_version: 1,
    name: options.name,
    version: options.version,
    description: options.description,
    training_data: options.trainingData,
    licence: options.licence,
    created_at: new Date().toISOString(),
    model: MODEL_FILE,
    input: input.kind === "text" ? textInput(graph, input.fields) : featuresInput(graph),
    output: findOutput(graph, options),
    labels: [...options.labels],
    thresholds: options.labels.map(() => options.threshold),
    files: await Promise.all(paths.map((path) => describeFile(folder, path))),
    golden: { tolerance: options.tolerance, examples: [...(options.golden ?? [])] },
    metrics: {},
  };
  const examples = options.golden ? draft.golden.examples : await recordAnswers({ manifest: draft, folder });
  const manifest = parseManifest(formatManifest({ ...draft, golden: { ...draft.golden, examples } }));
  const bundle = { manifest, folder };
  await checkAnswers(bundle);
  await writeManifest(bundle);
  return bundle;
}

async function writeVocabulary({ input, folder }: ImportOptions): Promise<string[]> {
  if (input.kind === "text") return [];
  const path = join(folder, VOCABULARY);
  await onDisk(path, () => writeFile(path, input.vocabulary));
  return [VOCABULARY];
}

function textInput(graph: OnnxGraph, fields: readonly ("title" | "body")[]): Manifest["input"] {
  const [input, ...others] = graph.inputs;
  if (input?.type !== "string" || input.shape.length !== 2 || input.shape[1] !== 1 || others.length > 0) {
    const message = `a text model has one input, string[N,1]; this one has ${describeTensors(graph.inputs)}`;
    throw new BundleError("invalid_import", message);
  }
  return { kind: "text", name: input.name, fields: [...fields] };
}

function featuresInput(graph: OnnxGraph): Manifest["input"] {
  const ids = graph.inputs.find(({ type, shape }) => type === "int32" && shape.length === 2);
  const weights = graph.inputs.find(({ type, shape }) => type === "float32" && shape.length === 2);
  if (!ids || !weights || graph.inputs.length !== 2) {
    const message = `a features model has two inputs, int32[B,K] and float32[B,K]; this one has`;
    throw new BundleError("invalid_import", `${message} ${describeTensors(graph.inputs)}`);
  }
  const tensors = { ids: ids.name, weights: weights.name };
  return { kind: "features", feature_version: FEATURE_VERSION, vocabulary: VOCABULARY, ...tensors };
}

function findOutput({ outputs }: OnnxGraph, { output, labels }: ImportOptions): string {
  const named = output === undefined ? outputs : outputs.filter(({ name }) => name === output);
  const tables = named.filter(({ type, shape }) => type === "float32" && shape.length === 2);
  const fitting = tables.filter(({ shape }) => shape[1] === -1 || shape[1] === labels.length);
  const [found, ...others] = fitting;
  if (found && others.length === 0) return found.name;
  throw new BundleError("invalid_import", noOutput({ outputs, tables, fitting }, labels.length));
}

interface Candidates {
  readonly outputs: readonly GraphTensor[];
  readonly tables: readonly GraphTensor[];
  readonly fitting: readonly GraphTensor[];
}

function noOutput({ outputs, tables, fitting }: Candidates, labels: number): string {
  if (fitting.length > 0) return `several outputs could be the probabilities, name one: ${describeTensors(fitting)}`;
  if (tables.length > 0) return `there are ${labels} labels, but the model gives ${describeTensors(tables)}`;
  const hint = outputs.some(({ type }) => type === "sequence")
    ? `; export it with options={id(pipe): {"zipmap": False}}`
    : "";
  return `the model has no output float32[N,${labels}], but ${describeTensors(outputs)}${hint}`;
}

async function recordAnswers(bundle: Bundle): Promise<GoldenExample[]> {
  const predictor = await createPredictor(bundle);
  try {
    const rows = await predictor.predict(neutralQuestions);
    // Rounding in float32 may end a hair beyond 0 and 1, which a manifest doesn't allow.
    const clamp = (value: number): number => Math.min(1, Math.max(0, value));
    return neutralQuestions.map((question, index) => ({
      ...question,
      probabilities: Array.from(rows[index] ?? [], clamp),
    }));
  } finally {
    await predictor.close();
  }
}

async function checkAnswers(bundle: Bundle): Promise<void> {
  const predictor = await createPredictor(bundle);
  try {
    await predictor.checkGolden();
  } finally {
    await predictor.close();
  }
}
