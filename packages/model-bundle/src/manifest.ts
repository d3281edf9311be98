import { FEATURE_VERSION } from "@tagsmith/features/vectorize";
import * as z from "zod";
import { BundleError } from "./errors.ts";
import { misreading } from "./instance.ts";
import { featuresOf, fileName, modelInput, tensorName } from "./manifest-input.ts";
import { readJson } from "./read-json.ts";

/** S3 takes no larger file in one request. */
const MAX_FILE_BYTES = 5e9;

const modelName = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, "must be lower-case letters, digits, '.', '_' and '-'")
  .refine((name) => name !== "current.json", "must not be current.json, the pointer's name");
const modelVersion = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "must be letters, digits, '.', '_' and '-'");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in lower-case hexadecimal");
export const probability = z.number().min(0).max(1);

/** What names a published version: its folder in the bucket and the hash of its manifest. */
export const releaseFields = { name: modelName, version: modelVersion, manifest_sha256: sha256 };

export interface Metrics {
  [name: string]: number | Metrics;
}
const metrics: z.ZodType<Metrics> = z.lazy(() => z.record(z.string(), z.union([z.number(), metrics])));

const goldenQuestion = z.strictObject({
  title: z.string().min(1),
  body: z.string(),
  probabilities: z.array(probability),
});
const goldenFloats = z.strictObject({ floats: z.array(z.number().nullable()), probabilities: z.array(probability) });

const manifestSchema = z
  .strictObject({
    schema_version: z.literal(1),
    name: modelName,
    version: modelVersion,
    description: z.string(),
    training_data: z.string(),
    licence: z.string(),
    created_at: z.iso.datetime({ offset: true }),
    model: fileName,
    input: modelInput,
    output: tensorName,
    /** What makes probabilities of the output; absent where it holds them. */
    activation: z.enum(["sigmoid", "softmax"]).optional(),
    labels: z.array(z.string().min(1).max(200)).min(1),
    thresholds: z.array(probability),
    /** How much less questions count that no label fits, when labels are chosen; absent where they count as they are. */
    unlabelled_discount: probability.optional(),
    files: z
      .array(z.strictObject({ path: fileName, bytes: z.int().min(1).max(MAX_FILE_BYTES), sha256 }))
      .min(1)
      .max(32),
    golden: z.strictObject({
      tolerance: z.number().positive().max(0.1, "must be at most 0.1: a wider one would hide a broken model"),
      examples: z
        .array(z.union([goldenQuestion, goldenFloats]))
        .min(1)
        .max(1000),
    }),
    metrics,
  })
  .superRefine((manifest, context) => {
    for (const [path, message] of contradictions(manifest)) context.addIssue({ code: "custom", path, message });
  });

/** What `manifest.json` says of a model; docs/model-bundle.md describes each field. */
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestFile = Manifest["files"][number];

/** What a bundle's files take together. */
export function totalBytes({ files }: Pick<Manifest, "files">): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}
export type GoldenExample = Manifest["golden"]["examples"][number];

/**
 * Reads the text of a `manifest.json`.
 * @throws {BundleError} `invalid_manifest`, naming every bad field
 */
export function parseManifest(text: string): Manifest {
  // Trimmed of a byte order mark, too.
  return readJson(text.trim(), manifestSchema, (problem, cause) => {
    return new BundleError("invalid_manifest", `manifest.json${problem}`, { cause });
  });
}

/**
 * A manifest's one true text, whatever the order and spacing it was read with. Its SHA-256 is the release's identity,
 * so that the same bundle published twice is recognised.
 */
export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

type Contradiction = readonly [path: PropertyKey[], message: string];

/** Rules across fields, which hold no meaning until each field alone is right. */
function* contradictions(manifest: z.infer<typeof manifestSchema>): Generator<Contradiction, void, undefined> {
  const { input, labels, thresholds, files, golden } = manifest;
  const paths = files.map(({ path }) => path);
  for (const index of repeated(labels)) yield [["labels", index], `repeats "${String(labels[index])}"`];
  for (const index of repeated(paths)) yield [["files", index, "path"], `repeats "${String(paths[index])}"`];
  if (thresholds.length !== labels.length) {
    yield [["thresholds"], `must be as many as the labels: ${labels.length}, found ${thresholds.length}`];
  }
  if (!paths.includes(manifest.model)) yield [["model"], `"${manifest.model}" is not among the files`];
  if (input.kind === "tokens" && !paths.includes(input.tokenizer)) {
    yield [["input", "tokenizer"], `"${input.tokenizer}" is not among the files`];
  }
  yield* misnamed(input);
  const [at, features] = featuresOf(input) ?? [];
  if (at && features && !paths.includes(features.vocabulary)) {
    yield [["input", ...at, "vocabulary"], `"${features.vocabulary}" is not among the files`];
  }
  if (at && features && features.feature_version !== FEATURE_VERSION) {
    const message = `${features.feature_version} is not supported: this build computes feature version ${FEATURE_VERSION}`;
    yield [["input", ...at, "feature_version"], message];
  }
  for (const [index, example] of golden.examples.entries()) {
    const at = ["golden", "examples", index];
    const { length } = example.probabilities;
    if (length !== labels.length) {
      yield [[...at, "probabilities"], `must be as many as the labels: ${labels.length}, found ${length}`];
    }
    const misread = misreading(input, example);
    if (misread) yield [at, misread];
  }
}

/** Of texts or numbers that are given to a model in a tensor each, there has to be a tensor for each of them. */
function* misnamed(input: Manifest["input"]): Generator<Contradiction, void, undefined> {
  if ((input.kind !== "text" && input.kind !== "floats") || typeof input.name === "string") return;
  const { name: names } = input;
  for (const index of repeated(names)) {
    // Of numbers, a tensor may have several columns, side by side.
    if (input.kind === "floats" && names[index] === names[index - 1]) continue;
    yield [["input", "name", index], `repeats "${String(names[index])}"`];
  }
  const [what, { length }] = input.kind === "text" ? ["fields", input.fields] : ["columns", input.columns];
  if (names.length === length) return;
  yield [["input", "name"], `must be one, or as many as the ${what}: ${length}, found ${names.length}`];
}

function repeated(values: readonly string[]): number[] {
  const first = new Set<string>();
  return values.flatMap((value, index) => (first.size === first.add(value).size ? [index] : []));
}
