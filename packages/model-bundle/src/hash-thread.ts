import { Worker } from "node:worker_threads";
import type { FrontHash } from "./front-hash.ts";

interface Answer {
  readonly sha256?: string;
  readonly error?: Error;
}

/**
 * A text and not a module, so that whoever bundles this file has nothing to lay beside it. It reads back what has been
 * written, which the system still holds in memory, and sleeps while there is nothing new.
 */
const PROGRAM = `
const { createHash } = require("node:crypto");
const { closeSync, openSync, readSync } = require("node:fs");
const { parentPort, workerData } = require("node:worker_threads");
const { path, bytes, reached } = workerData;
const slice = Buffer.allocUnsafeSlow(2 ** 20);

function sha256() {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    for (let hashed = 0; hashed < bytes; ) {
      const end = Number(Atomics.load(reached, 0));
      if (end === hashed) Atomics.wait(reached, 0, BigInt(end));
      else {
        const read = readSync(file, slice, 0, Math.min(slice.length, end - hashed), hashed);
        if (read === 0) throw new Error("the file has become shorter");
        hash.update(slice.subarray(0, read));
        hashed += read;
      }
    }
    return hash.digest("hex");
  } finally {
    closeSync(file);
  }
}

try {
  parentPort.postMessage({ sha256: sha256() });
} catch (error) {
  parentPort.postMessage({ error });
}
`;

/** Hashes in a thread of its own, where the caller's has enough to do with the sockets. */
export class HashThread implements FrontHash {
  readonly #reached = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
  readonly #worker: Worker;
  readonly #answer: Promise<string>;

  constructor(path: string, bytes: number) {
    this.#worker = new Worker(PROGRAM, { eval: true, workerData: { path, bytes, reached: this.#reached } });
    this.#answer = new Promise((resolve, reject) => {
      this.#worker.once("message", ({ sha256, error }: Answer) => {
        if (sha256 === undefined) reject(error ?? new Error("the thread that hashes has failed"));
        else resolve(sha256);
      });
      this.#worker.once("error", reject);
      this.#worker.once("exit", () => reject(new Error("the thread that hashes has ended")));
    });
    this.#answer.catch(() => undefined);
  }

  advance(end: number): void {
    Atomics.store(this.#reached, 0, BigInt(end));
    Atomics.notify(this.#reached, 0);
  }

  digest(): Promise<string> {
    return this.#answer;
  }

  /** Ends the thread, whatever it is doing. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
