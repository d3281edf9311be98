import type { FileHandle } from "node:fs/promises";
import { HashThread } from "./hash-thread.ts";
import { OrderedHash } from "./ordered-hash.ts";

/** SHA-256 of a file that is being written: hashes what is there without a gap, while the rest still streams. */
export interface FrontHash {
  /** Call it whenever more is there: `end` bytes from the file's start. */
  advance(end: number): void;
  /** Hexadecimal digest; call it once all bytes are there. */
  digest(): Promise<string>;
  close(): Promise<void>;
}

/** From here on a thread that hashes gains more than its start costs. */
export const HASH_THREAD_BYTES = 64 * 2 ** 20;

interface OpenFile {
  readonly disk: FileHandle;
  readonly path: string;
  /** What the file will have. */
  readonly bytes: number;
}

export function hashFront({ disk, path, bytes }: OpenFile): FrontHash {
  return bytes < HASH_THREAD_BYTES ? new OrderedHash(disk, bytes) : new HashThread(path, bytes);
}
