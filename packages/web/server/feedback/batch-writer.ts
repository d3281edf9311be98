import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Feedback, feedbackKey, feedbackLine } from "@tagsmith/model-bundle/feedback";

/** What it needs of a store. */
export interface ObjectWriter {
  write(key: string, body: string): Promise<void>;
}

interface Batch {
  readonly lines: string[];
  readonly written: Promise<void>;
}

const windowMs = 200;

/** S3 appends to no object: what comes within a moment is written as one, and nobody is told so before it is there. */
export class BatchWriter {
  readonly #store: ObjectWriter;
  readonly #unwritten = new Set<Promise<void>>();
  #gathering: Batch | undefined;

  constructor(store: ObjectWriter) {
    this.#store = store;
  }

  /** Resolves when the line is stored. Rejects with the store's error when it is not. */
  add(given: Feedback): Promise<void> {
    this.#gathering ??= this.#begin();
    this.#gathering.lines.push(feedbackLine(given));
    return this.#gathering.written;
  }

  /** Resolves when nothing is left to be written. Whoever gave it is told how it went. */
  async flush(): Promise<void> {
    await Promise.allSettled(this.#unwritten);
  }

  #begin(): Batch {
    const lines: string[] = [];
    const written = this.#write(lines);
    this.#unwritten.add(written);
    const forget = () => this.#unwritten.delete(written);
    written.then(forget, forget);
    return { lines, written };
  }

  async #write(lines: readonly string[]): Promise<void> {
    await delay(windowMs);
    this.#gathering = undefined;
    await this.#store.write(feedbackKey(new Date(), randomUUID()), lines.join(""));
  }
}
