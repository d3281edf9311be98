import { open, type FileHandle } from "node:fs/promises";

/** A body as it arrives, and the record that describes it, made once all of it has been seen; throws to refuse it. */
export interface Draft<R> {
  readonly chunks: AsyncIterable<Buffer>;
  readonly seal: () => R;
}

/** The file's last bytes: the record's length in bytes (uint32, big-endian) and this mark. */
const mark = Buffer.from("sealed01");
const footerBytes = 4 + mark.length;

/**
 * Writes the body, behind it the record as JSON and the footer, and syncs the file. Bytes and description being one
 * file, one rename replaces both at once.
 */
export async function writeSealed<R>(path: string, draft: Draft<R>): Promise<R> {
  const file = await open(path, "wx");
  try {
    for await (const chunk of draft.chunks) await writeAll(file, chunk);
    const record = draft.seal();
    const json = Buffer.from(JSON.stringify(record));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(json.length);
    await writeAll(file, Buffer.concat([json, length, mark]));
    await file.sync();
    return record;
  } finally {
    await file.close();
  }
}

/** The record of a file that writeSealed wrote; throws if it is anything else. */
export async function readSeal(path: string): Promise<unknown> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const footer = await readAt(file, size - footerBytes, footerBytes);
    if (!footer.subarray(4).equals(mark)) throw new Error(`${path} is damaged, or no file of this server.`);
    const jsonBytes = footer.readUInt32BE();
    return JSON.parse((await readAt(file, size - footerBytes - jsonBytes, jsonBytes)).toString());
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done)).bytesWritten;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  if (position >= 0) await file.read(bytes, 0, length, position);
  return bytes;
}
