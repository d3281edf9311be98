import type { ModelStore } from "@tagsmith/model-bundle/store";
import { parquetMetadata, parquetReadObjects } from "hyparquet";

/** The columns that are added before `model`. */
export const addedFirst = ["suggested_tags", "confidences", "error"];

/** An object of the store, whole. */
export async function bytesOf(store: ModelStore, key: string): Promise<Buffer> {
  const bytes: Uint8Array[] = [];
  for await (const chunk of (await store.openRange(key, { start: 0, end: 1e9 })).chunks) bytes.push(chunk);
  return Buffer.concat(bytes);
}

/** The values as stored, whatever their logical types; only nesting is kept. */
export async function storedValues(bytes: Buffer): Promise<Record<string, unknown>[]> {
  const file = toArrayBuffer(bytes);
  const metadata = parquetMetadata(file);
  const schema = metadata.schema.map((element) => {
    const stored = { ...element };
    delete stored.logical_type;
    if (!element.num_children) delete stored.converted_type;
    return stored;
  });
  return parquetReadObjects({ file, metadata: { ...metadata, schema }, utf8: false });
}

export const toArrayBuffer = (bytes: Buffer) => new Uint8Array(bytes).buffer;
