import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

/** A part of a file, `end` not counted in, and how far it has been filled from its start. */
export interface Part {
  readonly start: number;
  readonly end: number;
  filled: number;
}

/** One update of this size takes about a millisecond; the event loop runs between two. */
const SLICE_BYTES = 2 ** 20;

/**
 * SHA-256 of a file whose parts fill up side by side: hashes from the front what is there without a gap, while the parts
 * behind still stream.
 */
export class OrderedHash {
  readonly #hash = createHash("sha256");
  readonly #slice = Buffer.allocUnsafeSlow(SLICE_BYTES);
  readonly #file: FileHandle;
  readonly #parts: readonly Part[];
  #hashed = 0;
  #current = 0;
  #running: Promise<void> | undefined;

  constructor(file: FileHandle, parts: readonly Part[]) {
    this.#file = file;
    this.#parts = parts;
  }

  /** Call it whenever a part has grown. */
  advance(): void {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    this.#running.catch(() => undefined);
  }

  /** Hexadecimal digest; call it once all parts are full. */
  async digest(): Promise<string> {
    while (this.#hashed < (this.#parts.at(-1)?.end ?? 0)) {
      this.advance();
      await this.#running;
    }
    return this.#hash.digest("hex");
  }

  async #run(): Promise<void> {
    for (let reached = this.#reached(); this.#hashed < reached; reached = this.#reached()) {
      const length = Math.min(reached - this.#hashed, SLICE_BYTES);
      const { bytesRead } = await this.#file.read(this.#slice, 0, length, this.#hashed);
      this.#hash.update(this.#slice.subarray(0, bytesRead));
      this.#hashed += bytesRead;
    }
  }

  #reached(): number {
    let part = this.#parts[this.#current];
    while (part?.filled === part?.end && this.#current < this.#parts.length - 1) part = this.#parts[++this.#current];
    return part?.filled ?? 0;
  }
}
