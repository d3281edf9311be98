import { rmSync } from "node:fs";
import { describeFile } from "./bundle-files.ts";
import { writeManifest, type Bundle } from "./bundle.ts";
import { fillFolder } from "./disk.ts";
import { BundleError, isBundleError, messageOf } from "./errors.ts";
import { importInput, type InputOptions } from "./import-input.ts";
import { findOutput } from "./import-output.ts";
import { lastAct } from "./last-act.ts";
import { formatManifest, parseManifest, type GoldenExample, type Manifest } from "./manifest.ts";
import { MODEL_FILE, placeModel } from "./place-model.ts";
import { createPredictor, type Predictor } from "./predictor.ts";

/** The model's file is `onnx`; weights that are in other files lie beside it. `folder` must not be there yet. */
export interface ImportOptions extends InputOptions {
  /** In the order of the output's columns; without, those that the model itself or its config.json names. */
  readonly labels?: readonly string[] | undefined;
  readonly name: string;
  readonly version: string;
  /** Which output holds the probabilities or scores, where it can't be told by its type and shape. */
  readonly output?: string | undefined;
  /** What makes probabilities of scores; without, what config.json says, if there is one and the model itself doesn't. */
  readonly activation?: Manifest["activation"] | "none" | undefined;
  /** Answers recorded where the model comes from; without, those that it gives now are recorded. */
  readonly golden?: readonly GoldenExample[] | undefined;
  readonly tolerance: number;
  readonly threshold: number;
  readonly description: string;
  readonly trainingData: string;
  readonly licence: string;
}

const neutralQuestions = [
  { title: "How do I sort a list of dictionaries by a value?", body: "" },
  { title: "Difference between an inner join and a left join", body: "<p>When do I use <code>LEFT JOIN</code>?</p>" },
  { title: "c# or c++ for a small game?", body: "I know node.js &amp; a little python." },
  { title: "Warum ist das Ergebnis leer?", body: "" },
];

/**
 * Makes a bundle of somebody's ONNX model: finds its tensors, runs it, and holds it to its recorded answers. After a
 * failure, Ctrl-C or `kill` there is no folder.
 * @throws {BundleError} `invalid_import`, `invalid_manifest`, `invalid_model`, `invalid_output`, `golden_mismatch`,
 * `missing_file`, `disk_failed`
 */
export async function importModel(options: ImportOptions): Promise<Bundle> {
  const { folder } = options;
  return fillFolder(folder, async () => {
    const callOff = lastAct(() => rmSync(folder, { recursive: true, force: true }));
    try {
      return await writeBundle(options);
    } finally {
      callOff();
    }
  });
}

async function writeBundle(options: ImportOptions): Promise<Bundle> {
  const { folder } = options;
  const graph = await placeModel(options.onnx, folder);
  const imported = await importInput(graph.inputs, options);
  const labels = options.labels ?? imported.labels ?? graph.labels;
  if (!labels) throw new BundleError("invalid_import", "the model doesn't name its labels: give --labels");
  const output = findOutput(graph, labels, options.output);
  // config.json tells of scores: a model that was exported with its activation, or with a head of scikit-learn's, has made probabilities of them.
  const usual = graph.probabilities.includes(output) ? undefined : imported.activation;
  const activation = options.activation ?? usual ?? "none";
  const paths = [...graph.files, ...imported.files];
  const draft: Manifest = {
    schema_version: 1,
    name: options.name,
    version: options.version,
    description: options.description,
    training_data: options.trainingData,
    licence: options.licence,
    created_at: new Date().toISOString(),
    model: MODEL_FILE,
    input: imported.input,
    output,
    ...(activation !== "none" && { activation }),
    labels: [...labels],
    thresholds: labels.map(() => options.threshold),
    files: await Promise.all(paths.map((path) => describeFile(folder, path))),
    golden: { tolerance: options.tolerance, examples: [...(options.golden ?? [])] },
    metrics: {},
  };
  const examples = options.golden ?? (await withPredictor({ manifest: draft, folder }, recordAnswers));
  const manifest = parseManifest(formatManifest({ ...draft, golden: { ...draft.golden, examples: [...examples] } }));
  const bundle = { manifest, folder };
  await withPredictor(bundle, async (predictor) => {
    await checkLength(predictor);
    await predictor.checkGolden();
  });
  await writeManifest(bundle);
  return bundle;
}

async function withPredictor<T>(bundle: Bundle, use: (predictor: Predictor) => Promise<T>): Promise<T> {
  const predictor = await createPredictor(bundle);
  try {
    return await use(predictor);
  } catch (cause) {
    throw isBundleError(cause, "invalid_output") ? hinted(cause, bundle.manifest) : cause;
  } finally {
    await predictor.close();
  }
}

/** Of a row, 0 or less may be nothing that the model knows: it computes no number then. */
function hinted(cause: BundleError, { input, activation, golden }: Manifest): BundleError {
  const scores = activation ? "" : "; where the output holds scores, give --activation";
  const isOurs = input.kind === "floats" && golden.examples.length === 0;
  const row = isOurs ? "; where no row of yours is all 0, 1 or -1, give --golden" : "";
  return new BundleError("invalid_output", cause.message + scores + row, { cause });
}

/** A text of as many tokens as the manifest lets through: no golden example need be as long, and one that is says less of it. */
async function checkLength(predictor: Predictor): Promise<void> {
  const { input } = predictor.manifest;
  if (input.kind !== "tokens") return;
  const long = "a ".repeat(input.max_tokens);
  try {
    await predictor.predict([{ title: long, body: long }]);
  } catch (cause) {
    throw new BundleError(
      "invalid_import",
      `input.max_tokens: the model doesn't take ${input.max_tokens} tokens: ${messageOf(cause)}`,
      { cause },
    );
  }
}

function neutralInstances(input: Manifest["input"]) {
  if (input.kind !== "floats") return neutralQuestions;
  return [0, 1, -1].map((value) => ({ floats: input.columns.map(() => value) }));
}

async function recordAnswers(predictor: Predictor): Promise<GoldenExample[]> {
  const instances = neutralInstances(predictor.manifest.input);
  const rows = await predictor.predict(instances);
  return instances.map((instance, index) => ({ ...instance, probabilities: [...(rows[index] ?? [])] }));
}
