import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { assertSameFile } from "./bundle-files.ts";
import { onDisk, writeWhole } from "./disk.ts";
import type { StoreRead } from "./download.ts";
import { BundleError, isBundleError } from "./errors.ts";
import { hashFront, type FrontHash } from "./front-hash.ts";
import { gather } from "./gather.ts";
import type { ManifestFile } from "./manifest.ts";
import { Parts, type Part } from "./parts.ts";
import { retry } from "./retry.ts";
import type { Slots } from "./slots.ts";
import type { ModelStore, StoredBody } from "./store.ts";

const MAX_RESTARTS = 3;
/** Fewer writes cost less; more bytes at once than the processor's cache holds cost more again. */
const WRITE_BYTES = 2 ** 18;

interface FileRequest {
  readonly store: ModelStore;
  readonly key: string;
  readonly file: ManifestFile;
  /** Where the file is written; it must not be there yet. */
  readonly folder: string;
  /** Shared by all files of a download: how many ranges stream at once. */
  readonly slots: Slots;
  readonly signal: AbortSignal;
  /** Told how many bytes have come; negative when a file starts again. */
  readonly onBytes: (bytes: number) => void;
  readonly onRead?: ((read: StoreRead) => void) | undefined;
}

/**
 * Streams a file onto disk by parallel ranges of one and the same object, hashing it on the way. A range that breaks off
 * or stalls is resumed where it stopped; an object that was overwritten meanwhile is read afresh.
 * @throws {BundleError} `hash_mismatch`, `precondition_failed` after the third overwrite, `aborted`, `disk_failed`, or the
 * store's codes
 */
export async function downloadFile(request: FileRequest): Promise<void> {
  const path = join(request.folder, request.file.path);
  await using disk = await onDisk(path, () => open(path, "wx+", 0o600));
  for (let restarts = 0; ; restarts++) {
    await using attempt = new FileAttempt(request, disk);
    try {
      await attempt.run();
      return;
    } catch (error) {
      request.onBytes(-attempt.received);
      if (restarts === MAX_RESTARTS || !isBundleError(error, "precondition_failed")) throw error;
    }
  }
}

/** One reading of a file, pinned to the ETag of the first answer. */
class FileAttempt {
  received = 0;
  readonly #request: FileRequest;
  readonly #disk: FileHandle;
  readonly #path: string;
  readonly #parts: Parts;
  readonly #hash: FrontHash;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #etag: string | undefined;

  constructor(request: FileRequest, disk: FileHandle) {
    this.#request = request;
    this.#disk = disk;
    const { folder, file } = request;
    this.#path = join(folder, file.path);
    this.#parts = new Parts(file.bytes);
    this.#hash = hashFront({ disk, path: this.#path, bytes: file.bytes });
    this.#signal = AbortSignal.any([request.signal, this.#stop.signal]);
  }

  async run(): Promise<void> {
    const [first, ...others] = this.#parts.all;
    if (!first) return;
    const { slots, file } = this.#request;
    let firstFetch = Promise.resolve();
    const pinned = new Promise<void>((resolve, reject) => {
      firstFetch = slots.run(() => this.#fetch(first, resolve));
      firstFetch.catch(reject);
    });
    const fetches = others.map(async (part) => {
      await pinned;
      await slots.run(() => this.#fetch(part));
    });
    await this.#all([firstFetch, pinned, ...fetches]);
    assertSameFile(file, { bytes: file.bytes, sha256: await onDisk(this.#path, () => this.#hash.digest()) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hash.close();
  }

  /** Fails with the first error, but only once no task writes to the file any more. */
  async #all(tasks: readonly Promise<void>[]): Promise<void> {
    try {
      await Promise.all(tasks);
    } catch (error) {
      this.#stop.abort();
      await Promise.allSettled(tasks);
      throw error;
    }
  }

  /** Tries again as long as that brings anything: a line that breaks off more often than one part allows still gets there. */
  async #fetch(part: Part, onPinned?: () => void): Promise<void> {
    const { filled } = part;
    try {
      await retry(() => this.#read(part, onPinned), this.#request.store.retryDelayMs, this.#signal);
    } catch (error) {
      if (part.filled === filled || !isBundleError(error, "store_unreachable", "store_failed")) throw error;
      await this.#fetch(part, onPinned);
    }
  }

  /** One GET, told when it has ended, however far it came. */
  async #read(part: Part, onPinned?: () => void): Promise<void> {
    const { key, onRead } = this.#request;
    const { filled: start, end } = part;
    const startMs = Date.now();
    try {
      await this.#resume(part, onPinned);
    } finally {
      const read = { key, range: `${start}-${end - 1}`, bytes: part.filled - start, isWhole: part.filled === end };
      onRead?.({ ...read, startMs, endMs: Date.now() });
    }
  }

  async #resume(part: Part, onPinned?: () => void): Promise<void> {
    const { key, file, onBytes } = this.#request;
    const body = await openRange(this.#request, part, { ifMatch: this.#etag, signal: this.#signal });
    if (body.totalBytes !== file.bytes) {
      body.discard();
      assertSameFile(file, { bytes: body.totalBytes, sha256: file.sha256 });
    }
    this.#etag ??= body.etag;
    onPinned?.();
    for await (const batch of gather(body.chunks, WRITE_BYTES)) {
      const bytes = batch.reduce((sum, { length }) => sum + length, 0);
      if (part.filled + bytes > part.end) throw new BundleError("store_failed", `${key}: the range is too long`);
      await onDisk(this.#path, () => writeWhole(this.#disk, batch, part.filled));
      part.filled += bytes;
      this.received += bytes;
      onBytes(bytes);
      this.#hash.advance(this.#parts.reached);
    }
    if (part.filled < part.end) throw new BundleError("store_unreachable", `${key}: the range ended early`);
  }
}

/** A body, unless the object is too short to have the range at all. */
async function openRange({ store, key }: FileRequest, part: Part, options: RangeOptions): Promise<StoredBody> {
  try {
    return await store.openRange(key, { start: part.filled, end: part.end - 1 }, options);
  } catch (error) {
    if (!isBundleError(error, "range_unsatisfiable")) throw error;
    throw new BundleError("hash_mismatch", `${key} is empty or shorter than its manifest says`, { cause: error });
  }
}

interface RangeOptions {
  readonly ifMatch: string | undefined;
  readonly signal: AbortSignal;
}
