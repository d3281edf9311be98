import { downloadManifest } from "@tagsmith/model-bundle/download";
import { PART_BYTES } from "@tagsmith/model-bundle/parts";
import { fileKey } from "@tagsmith/model-bundle/layout";
import { current } from "@tagsmith/model-bundle/release";
import { Slots } from "@tagsmith/model-bundle/slots";
import { ModelStore } from "@tagsmith/model-bundle/store";

/**
 * Reads the current model of a bucket as the service does, eight ranges at a time, and keeps nothing of it: what a download
 * can't go below. `discard.js ENDPOINT BUCKET` ends when all has come.
 */
const [, , endpoint = "", bucket = ""] = process.argv;
const store = new ModelStore({ bucket, endpoint, credentials: { accessKeyId: "bench", secretAccessKey: "bench" } });
const release = await current(store);
if (!release) throw new Error(`${bucket} has no model.`);
const manifest = await downloadManifest(store, release);
const slots = new Slots(8);
const reads = manifest.files.flatMap(({ path, bytes }) =>
  Array.from({ length: Math.ceil(bytes / PART_BYTES) }, (_, part) =>
    slots.run(() => discard(fileKey(manifest, path), part * PART_BYTES, Math.min(bytes, (part + 1) * PART_BYTES) - 1)),
  ),
);
await Promise.all(reads);
store.close();

async function discard(key: string, start: number, end: number): Promise<void> {
  const { chunks } = await store.openRange(key, { start, end });
  let left = end + 1 - start;
  for await (const chunk of chunks) left -= chunk.length;
  if (left !== 0) throw new Error(`${key} from ${start} lacks ${left} bytes.`);
}
