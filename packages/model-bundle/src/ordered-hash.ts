import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { HASH_SLICE_BYTES } from "./sha256.ts";

/** A part of a file, `end` not counted in, and how far it has been filled from its start. */
export interface Part {
  readonly start: number;
  readonly end: number;
  filled: number;
}

/**
 * SHA-256 of a buffer whose parts fill up side by side: hashes from the front what is there without a gap, while the
 * parts behind still stream, and lets the event loop run between two slices.
 */
export class OrderedHash {
  readonly #hash = createHash("sha256");
  readonly #bytes: Uint8Array;
  readonly #parts: readonly Part[];
  #hashed = 0;
  #current = 0;
  #running: Promise<void> | undefined;

  constructor(bytes: Uint8Array, parts: readonly Part[]) {
    this.#bytes = bytes;
    this.#parts = parts;
  }

  /** Call it whenever a part has grown. */
  advance(): void {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Hexadecimal digest; call it once all parts are full. */
  async digest(): Promise<string> {
    while (this.#hashed < this.#bytes.length) {
      this.advance();
      await this.#running;
    }
    return this.#hash.digest("hex");
  }

  async #run(): Promise<void> {
    for (let reached = this.#reached(); this.#hashed < reached; reached = this.#reached()) {
      const end = Math.min(reached, this.#hashed + HASH_SLICE_BYTES);
      this.#hash.update(this.#bytes.subarray(this.#hashed, end));
      this.#hashed = end;
      await setImmediate();
    }
  }

  #reached(): number {
    let part = this.#parts[this.#current];
    while (part?.filled === part?.end && this.#current < this.#parts.length - 1) part = this.#parts[++this.#current];
    return part?.filled ?? 0;
  }
}
