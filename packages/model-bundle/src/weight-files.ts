import { open } from "node:fs/promises";
import { join } from "node:path";
import onnxProto from "onnx-proto";
import type { Bundle } from "./bundle.ts";
import { BundleError, isBundleError } from "./errors.ts";
import { WireFile, type Span } from "./onnx-wire.ts";

const { StringStringEntryProto } = onnxProto.onnx;

/** Numbers of fields, of onnx.proto: a model's graph, the tensors of that, where their weights are. */
const weightsPath = [7, 5, 13] as const;

/**
 * Makes sure that the manifest names each file that the model keeps weights in: one that only lies beside it is never published.
 * @throws {BundleError} `invalid_manifest`, `missing_file`
 */
export async function assertWeightsNamed({ manifest, folder }: Bundle): Promise<void> {
  const { model, files } = manifest;
  await using file = await open(join(folder, model));
  const wire = new WireFile(file, model);
  try {
    for await (const span of spansAt(wire, { start: 0, end: (await file.stat()).size }, weightsPath)) {
      const { key, value } = StringStringEntryProto.decode(await wire.bytes(span));
      if (key !== "location" || files.some(({ path }) => path === value)) continue;
      throw new BundleError("invalid_manifest", `manifest.json: files: lacks "${value}", where ${model} has weights`);
    }
  } catch (error) {
    // Of another format than ONNX's own, a model is one file.
    if (!isBundleError(error, "invalid_import")) throw error;
  }
}

/** What the fields of these numbers hold, each within the one before. */
async function* spansAt(wire: WireFile, whole: Span, [first, ...rest]: readonly number[]): AsyncGenerator<Span> {
  if (first === undefined) yield whole;
  else
    for await (const field of wire.fields(whole)) if (field.number === first) yield* spansAt(wire, field.content, rest);
}
