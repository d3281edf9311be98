import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { FrontHash } from "./front-hash.ts";

/** One update of this size takes about a millisecond; the event loop runs between two. */
const SLICE_BYTES = 2 ** 20;

/** Hashes on the caller's thread: for files that are too small to be worth a thread's start. */
export class OrderedHash implements FrontHash {
  readonly #hash = createHash("sha256");
  readonly #slice: Buffer;
  readonly #file: FileHandle;
  readonly #bytes: number;
  #end = 0;
  #hashed = 0;
  #running: Promise<void> | undefined;

  constructor(file: FileHandle, bytes: number) {
    this.#file = file;
    this.#bytes = bytes;
    this.#slice = Buffer.allocUnsafeSlow(Math.min(bytes, SLICE_BYTES));
  }

  advance(end: number): void {
    this.#end = end;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    this.#running.catch(() => undefined);
  }

  async digest(): Promise<string> {
    while (this.#hashed < this.#bytes) {
      this.advance(this.#bytes);
      await this.#running;
    }
    return this.#hash.digest("hex");
  }

  /** Waits until it doesn't read any more. */
  async close(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  async #run(): Promise<void> {
    while (this.#hashed < this.#end) {
      const length = Math.min(this.#end - this.#hashed, this.#slice.length);
      const { bytesRead } = await this.#file.read(this.#slice, 0, length, this.#hashed);
      if (bytesRead === 0) throw new Error("the file has become shorter");
      this.#hash.update(this.#slice.subarray(0, bytesRead));
      this.#hashed += bytesRead;
    }
  }
}
