import { FEATURE_VERSION } from "@tagsmith/features/vectorize";
import { Vocabulary, type VocabularyRow } from "@tagsmith/features/vocabulary";
import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { importModel } from "@tagsmith/model-bundle/import";
import { buildModel } from "@tagsmith/training/onnx-graph";
import { randomOf } from "@tagsmith/training/random";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import onnxProto, { type onnx as Onnx } from "onnx-proto";
import { shippedBundle } from "./store.ts";

const { ModelProto, TensorProto } = onnxProto.onnx;

interface RandomModel {
  /** Of the table of weights. */
  readonly rows: number;
  readonly labels: number;
  /** Rows that features have; as many as there are rows at most. */
  readonly vocabulary: number;
}

/** What the models of an earlier run were made by, if it is the same. */
export const randomModelVersion = `features-${FEATURE_VERSION}.2`;

/**
 * A model of the shape that training gives, with random numbers, as a bundle in `folder`, which it makes: valid, golden
 * examples included. Its weights are written in blocks, so that it may be larger than memory.
 */
async function randomBundle(folder: string, model: RandomModel): Promise<Bundle> {
  const source = `${folder}.source`;
  await mkdir(source);
  try {
    return await importModel({
      onnx: await writeOnnx(source, model),
      folder,
      name: "random",
      version: randomModelVersion,
      labels: Array.from({ length: model.labels }, (_, label) => `label-${label}`),
      vocabulary: await writeVocabulary(source, model),
      tolerance: 1e-3,
      threshold: 1, // or half of the labels would be in every answer
      description: "Random numbers.",
      trainingData: "none",
      licence: "MIT",
    });
  } finally {
    await rm(source, { recursive: true });
  }
}

/** The same in a folder of its own for as long as `work` takes. */
export async function withRandomBundle<T>(
  parent: string,
  model: RandomModel,
  work: (bundle: Bundle) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(parent, "random-"));
  try {
    return await work(await randomBundle(join(folder, "bundle"), model));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Training's graph over a table of one row, which is then said to be a large one in a file beside it. */
async function writeOnnx(folder: string, { rows, labels }: RandomModel): Promise<string> {
  const small = buildModel({
    model: { weights: new Float32Array(labels), bias: new Float32Array(labels) },
    calibration: { knots: [0], slopes: [1, 1], offset: 0 },
  });
  const model = ModelProto.decode(small);
  const random = randomOf(1);
  const values = Uint8Array.from({ length: blockBytes }, () => Math.floor(random() * 256));
  const scales = new Uint8Array(new Float32Array(blockBytes / 4).fill(1e-3).buffer);
  await outsource(model, "table", { folder, dims: [rows, labels], block: values, bytes: rows * labels });
  await outsource(model, "scales", { folder, dims: [rows], block: scales, bytes: rows * 4 });
  const path = join(folder, "random.onnx");
  await writeFile(path, ModelProto.encode(model).finish());
  return path;
}

const blockBytes = 2 ** 22;

interface Weights {
  readonly folder: string;
  readonly dims: number[];
  /** Repeated as often as `bytes` takes. */
  readonly block: Uint8Array;
  readonly bytes: number;
}

async function outsource(
  model: Onnx.IModelProto,
  name: string,
  { folder, dims, block, bytes }: Weights,
): Promise<void> {
  const tensor = model.graph?.initializer?.find((one) => one.name === name);
  if (!tensor) throw new Error(`training's graph has no ${name}`);
  tensor.dims = dims;
  tensor.rawData = new Uint8Array();
  tensor.dataLocation = TensorProto.DataLocation.EXTERNAL;
  tensor.externalData = [{ key: "location", value: name }];
  const blocks = function* () {
    for (let left = bytes; left > 0; left -= block.length) yield left < block.length ? block.subarray(0, left) : block;
  };
  await pipeline(Readable.from(blocks()), createWriteStream(join(folder, name)));
}

/** Rows that real questions use in every random model, so that its size alone makes the difference. */
const knownRows = 10_000;

/** The first rows of the shipped vocabulary, and after them hashes that hardly any question has. */
async function writeVocabulary(folder: string, { vocabulary }: RandomModel): Promise<string> {
  const bytes = await readFile(join(shippedBundle, "vocabulary.bin"));
  const size = bytes.readUInt32LE(4);
  const known: VocabularyRow[] = [];
  for (let row = 1; row < Math.min(size, knownRows, vocabulary); row++) {
    known.push({ hash: bytes.readUInt32LE(8 + row * 4), weight: bytes.readFloatLE(8 + (size + row) * 4) });
  }
  const hashes = new Set(known.map(({ hash }) => hash));
  const random = randomOf(2);
  while (hashes.size < vocabulary - 1) hashes.add(1 + Math.floor(random() * (2 ** 32 - 1)));
  const invented = [...hashes].slice(known.length).map((hash) => ({ hash, weight: 1 }));
  const path = join(folder, "vocabulary.bin");
  await writeFile(path, Vocabulary.write([...known, ...invented]));
  return path;
}

/** A model of about so many bytes, most of them in the table. */
export function modelOfSize(mebibytes: number): RandomModel {
  const labels = 128;
  const rows = Math.round((mebibytes * 2 ** 20) / (labels + 4));
  return { rows, labels, vocabulary: Math.min(rows, knownRows) };
}
