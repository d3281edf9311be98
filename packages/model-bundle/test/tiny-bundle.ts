import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blocksOf } from "@tagsmith/features/test/hashes";
import { FEATURE_VERSION, vectorize } from "@tagsmith/features/vectorize";
import { Vocabulary } from "@tagsmith/features/vocabulary";
import { afterAll } from "vitest";
import { describeFile } from "../src/bundle-files.ts";
import { writeManifest, type Bundle } from "../src/bundle.ts";
import type { GoldenExample } from "../src/manifest.ts";
import { publish } from "../src/publish.ts";
import type { ModelStore } from "../src/store.ts";
import { encodeModel, FLOAT, floats, INT32, integers, node, tensor } from "./onnx-model.ts";

export interface TinyBundleOptions {
  readonly labels?: readonly string[];
  readonly name?: string;
  readonly version?: string;
  /** Files beside the model and its vocabulary, to have some that are large, or in the place of one of these. */
  readonly extraFiles?: ReadonlyMap<string, Uint8Array>;
  /** How much one run takes beside, whatever is asked: about 5 ms each, and 1 MB of weights once. */
  readonly burdens?: number;
  /** Weights that nothing looks up, in the graph itself, so that each session has a copy of its own. */
  readonly idleBytes?: number;
}

const BIAS = -2;
const EVIDENCE = 6;

/**
 * A features-kind bundle of a few kilobytes that finds a label where its name stands in the title, as "python" in
 * "How to sort a list in python": above 0.5 then, below otherwise. Valid in every respect, golden examples included. Its folder lasts as long as the file of
 * tests that calls it.
 */
export async function tinyBundle({
  labels = ["python", "javascript", "c#"],
  name = "tiny",
  version = "1",
  extraFiles = new Map<string, Uint8Array>(),
  burdens = 0,
  idleBytes = 0,
}: TinyBundleOptions = {}): Promise<Bundle> {
  const vocabularyBytes = Vocabulary.write(uniqueHashes(labels).map((hash) => ({ hash, weight: 1 })));
  const table = evidenceTable(labels, Vocabulary.read(vocabularyBytes));
  const files = new Map<string, Uint8Array>([
    ["model.onnx", linearModel(withIdleRows(table, idleBytes), burdens)],
    ["vocabulary.bin", vocabularyBytes],
    ...extraFiles,
  ]);
  const titles = ["How to sort a list in python", "javascript or c#?", "what is this"];
  const folder = await writeFiles(files);
  const bundle: Bundle = {
    folder,
    manifest: {
      schema_version: 1,
      name,
      version,
      description: "Finds the labels that stand in the title; for tests.",
      training_data: "none",
      licence: "MIT",
      created_at: "2026-01-01T00:00:00Z",
      model: "model.onnx",
      input: {
        kind: "features",
        feature_version: FEATURE_VERSION,
        vocabulary: "vocabulary.bin",
        ids: "ids",
        weights: "weights",
      },
      output: "probabilities",
      labels: [...labels],
      thresholds: labels.map(() => 0.5),
      files: await Promise.all([...files.keys()].map((path) => describeFile(folder, path))),
      golden: {
        tolerance: 1e-5,
        examples: titles.map((title) => goldenExample(title, table, Vocabulary.read(vocabularyBytes))),
      },
      metrics: {},
    },
  };
  await writeManifest(bundle);
  return bundle;
}

export const publishTiny = async (store: ModelStore, options?: TinyBundleOptions) =>
  publish(store, await tinyBundle(options));

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function writeFiles(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tiny-bundle-"));
  folders.push(folder);
  for (const [path, bytes] of files) await writeFile(join(folder, path), bytes);
  return folder;
}

/** `rows` × `columns` numbers, row by row. */
interface Table {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

function wordHashes(label: string): number[] {
  const [titleWords = []] = blocksOf({ title: label, body: "" });
  return titleWords;
}

function uniqueHashes(labels: readonly string[]): number[] {
  return [...new Set(labels.flatMap(wordHashes))];
}

function evidenceTable(labels: readonly string[], vocabulary: Vocabulary): Table {
  const values = new Float32Array(vocabulary.size * labels.length);
  for (const [column, label] of labels.entries()) {
    for (const hash of wordHashes(label)) values[vocabulary.row(hash) * labels.length + column] = EVIDENCE;
  }
  return { rows: vocabulary.size, columns: labels.length, values };
}

function withIdleRows({ rows, columns, values }: Table, bytes: number): Table {
  const idleRows = Math.ceil(bytes / (columns * values.BYTES_PER_ELEMENT));
  const all = new Float32Array((rows + idleRows) * columns);
  all.set(values);
  return { rows: rows + idleRows, columns, values: all };
}

/** Computed without onnxruntime, so that it is a check of it. */
function goldenExample(title: string, { columns, values }: Table, vocabulary: Vocabulary): GoldenExample {
  const { ids, weights } = vectorize({ title, body: "" }, vocabulary);
  const probabilities = Array.from({ length: columns }, (_, column) => {
    const sum = ids.reduce((total, id, at) => total + (weights[at] ?? 0) * (values[id * columns + column] ?? 0), BIAS);
    return 1 / (1 + Math.exp(-sum));
  });
  return { title, body: "", probabilities };
}

/** `ids int32[B,K]`, `weights float32[B,K]` → sigmoid(weights · table[ids] + bias) as `probabilities float32[B,L]`. */
function linearModel({ rows, columns, values }: Table, burdens: number): Uint8Array {
  const burden = burdens > 0 ? burdenOf(burdens) : { initializer: [], node: [] };
  return encodeModel({
    name: "tiny",
    input: [tensor("ids", INT32, ["B", "K"]), tensor("weights", FLOAT, ["B", "K"])],
    output: [tensor("probabilities", FLOAT, ["B", columns])],
    initializer: [
      floats("table", [rows, columns], values),
      floats("bias", [1], [BIAS]),
      integers("one", [1]),
      ...burden.initializer,
    ],
    node: [
      node("Gather", ["table", "ids"], "evidence"),
      node("Unsqueeze", ["weights", "one"], "row"),
      node("MatMul", ["row", "evidence"], "product"),
      node("Squeeze", ["product", "one"], "sum"),
      ...burden.node,
      node("Add", ["sum", burdens > 0 ? "burdened bias" : "bias"], "logits"),
      node("Sigmoid", ["logits"], "probabilities"),
    ],
  });
}

const BURDEN_SIZE = 512;

/** Products of matrices that can't be computed beforehand, for they begin with the weights; they come to nothing. */
function burdenOf(count: number) {
  const products = Array.from({ length: count }, (_, n) => node("MatMul", [`burden ${n}`, "zeros"], `burden ${n + 1}`));
  return {
    initializer: [floats("zeros", [BURDEN_SIZE, BURDEN_SIZE], new Float32Array(BURDEN_SIZE ** 2))],
    node: [
      node("ReduceMax", ["weights"], "weight"),
      node("Add", ["zeros", "weight"], "burden 0"),
      ...products,
      node("ReduceMax", [`burden ${count}`], "nothing"),
      node("Add", ["bias", "nothing"], "burdened bias"),
    ],
  };
}
