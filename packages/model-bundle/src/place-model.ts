import { createReadStream, createWriteStream } from "node:fs";
import { access, constants, open, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import onnxProto, { type onnx as Onnx } from "onnx-proto";
import { onDisk } from "./disk.ts";
import { BundleError, messageOf } from "./errors.ts";
import { GraphMender } from "./mend-graph.ts";
import { decodeGraph, type OnnxGraph } from "./onnx-graph.ts";
import { encodeField, WireFile, type Span } from "./onnx-wire.ts";

/** The names that a model and its large weights have in a bundle. */
export const MODEL_FILE = "model.onnx";
const WEIGHTS_FILE = `${MODEL_FILE}.data`;

const { TensorProto } = onnxProto.onnx;
const EXTERNAL = TensorProto.DataLocation.EXTERNAL;

/** Numbers of fields, of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const GRAPH_OUTPUT = 12;
const TENSOR_RAW_DATA = 9;
const TENSOR_EXTERNAL_DATA = 13;
const TENSOR_DATA_LOCATION = 14;

/** Smaller weights stay in the graph, where onnxruntime reads shapes and axes from. */
const LARGE_BYTES = 2 ** 16;
/** Weights begin on a page of memory. */
const ALIGNMENT_BYTES = 2 ** 12;

interface PlacedModel extends OnnxGraph {
  /** What was written, by name. */
  readonly files: readonly string[];
}

/**
 * Copies somebody's ONNX model into a bundle's folder as `model.onnx`, with its large weights beside it in
 * `model.onnx.data`, wherever they were: onnxruntime maps that file into memory instead of copying it, and all sessions of
 * a machine share it. Nothing else of the model changes but what `GraphMender` mends. Streams: a model of 2 GB
 * takes no more memory than a small one.
 * @throws {BundleError} `invalid_import`, `missing_file`, `disk_failed`
 */
export async function placeModel(source: string, folder: string): Promise<PlacedModel> {
  await using file = await open(source).catch((cause: unknown) => {
    throw new BundleError("missing_file", `${source} can't be read: ${messageOf(cause)}`, { cause });
  });
  const found = await file.stat();
  if (!found.isFile()) throw new BundleError("missing_file", `${source} can't be read: it is not a file`);
  const weights = new WeightsFile(join(folder, WEIGHTS_FILE));
  const wire = new WireFile(file, source);
  const mender = new GraphMender();
  const chunks: Uint8Array[] = [];
  for await (const field of wire.fields({ start: 0, end: found.size })) {
    if (field.number !== MODEL_GRAPH) chunks.push(await wire.bytes(field));
    else chunks.push(encodeField(MODEL_GRAPH, await placeGraph({ source, wire, weights, mender }, field.content)));
  }
  const model = Buffer.concat(chunks);
  const graph = decodeGraph(model);
  const path = join(folder, MODEL_FILE);
  await onDisk(path, () => writeFile(path, model));
  const labels = mender.labels ?? graph.labels;
  return { ...graph, labels, files: weights.bytes > 0 ? [MODEL_FILE, WEIGHTS_FILE] : [MODEL_FILE] };
}

interface Context {
  readonly source: string;
  readonly wire: WireFile;
  readonly weights: WeightsFile;
  readonly mender: GraphMender;
}

async function placeGraph(context: Context, graph: Span): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const field of context.wire.fields(graph)) {
    if (field.number === GRAPH_INITIALIZER) {
      chunks.push(encodeField(GRAPH_INITIALIZER, await placeTensor(context, field.content)));
    } else if (field.number === GRAPH_NODE) {
      const node = context.mender.node(await context.wire.bytes(field.content));
      if (node) chunks.push(encodeField(GRAPH_NODE, node));
    } else if (field.number === GRAPH_OUTPUT) {
      chunks.push(encodeField(GRAPH_OUTPUT, [context.mender.output(await context.wire.bytes(field.content))]));
    } else chunks.push(await context.wire.bytes(field));
  }
  const { nodes, outputs } = context.mender.added();
  chunks.push(...nodes.map((node) => encodeField(GRAPH_NODE, [node])));
  chunks.push(...outputs.map((output) => encodeField(GRAPH_OUTPUT, [output])));
  return chunks;
}

async function placeTensor({ source, wire, weights }: Context, tensor: Span): Promise<Uint8Array[]> {
  const kept: Uint8Array[] = [];
  const location: Uint8Array[] = [];
  let raw: Span | undefined;
  for await (const field of wire.fields(tensor)) {
    const isLarge = field.end - field.start >= LARGE_BYTES;
    if (field.number === TENSOR_RAW_DATA && isLarge) raw = field.content;
    else {
      const isLocation = field.number === TENSOR_EXTERNAL_DATA || field.number === TENSOR_DATA_LOCATION;
      (isLocation ? location : kept).push(await wire.bytes(field));
    }
  }
  if (raw) return [...kept, await weights.append(source, raw)];
  const { externalData, dataLocation } = TensorProto.decode(Buffer.concat(location));
  if (dataLocation !== EXTERNAL) return [...kept, ...location];
  const { path, span } = await externalSpan(source, externalData);
  if (span.start === span.end) return kept;
  return [...kept, await weights.append(path, span)];
}

/** Where the weights of a model are that keeps them in other files, below its own folder. */
async function externalSpan(
  source: string,
  entries: readonly Onnx.IStringStringEntryProto[],
): Promise<{ path: string; span: Span }> {
  const valueOf = (name: string): string | undefined => entries.find(({ key }) => key === name)?.value ?? undefined;
  const [location = "", offset = "0", length] = ["location", "offset", "length"].map(valueOf);
  const folder = resolve(dirname(source));
  const path = resolve(folder, location);
  if (!path.startsWith(folder + sep)) {
    throw new BundleError("invalid_import", `its weights are in ${location}, outside of the model's folder`);
  }
  const unreadable = (cause: unknown): never => {
    throw new BundleError("missing_file", `the model's weights can't be read: ${messageOf(cause)}`, { cause });
  };
  const found = await stat(path).catch(unreadable);
  if (!found.isFile()) unreadable(`${path} is not a file`);
  await access(path, constants.R_OK).catch(unreadable);
  const { size } = found;
  const start = Number(offset);
  const end = length === undefined ? size : start + Number(length);
  const isSpan = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end;
  if (!isSpan || end > size) {
    throw new BundleError(
      "invalid_import",
      `${path} has ${size} bytes; the model's weights go from ${start} to ${end}`,
    );
  }
  return { path, span: { start, end } };
}

/** Weights, one after the other. The file is there once it has some. */
class WeightsFile {
  bytes = 0;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Copies a span of another file. Resolves to the fields of a tensor that say where its weights are. */
  async append(from: string, { start, end }: Span): Promise<Uint8Array> {
    const offset = Math.ceil(this.bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    this.bytes = offset + (end - start);
    await onDisk(this.#path, async () => {
      // A new file: a session may have an older one of this name mapped.
      if (offset === 0) await rm(this.#path, { force: true });
      const to = createWriteStream(this.#path, offset === 0 ? { flags: "wx" } : { flags: "r+", start: offset });
      await pipeline(createReadStream(from, { start, end: end - 1, highWaterMark: 2 ** 20 }), to);
    });
    const entries = { location: WEIGHTS_FILE, offset, length: end - start };
    const externalData = Object.entries(entries).map(([key, value]) => ({ key, value: String(value) }));
    return TensorProto.encode({ externalData, dataLocation: EXTERNAL }).finish();
  }
}
