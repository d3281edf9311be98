import { retry } from "@tagsmith/model-bundle/retry";
import type { ByteRange, ModelStore } from "@tagsmith/model-bundle/store";

/** One object, pinned to what it was when it was first looked at. */
export class StoredFile {
  readonly #store: ModelStore;
  readonly #key: string;
  readonly bytes: number;
  readonly etag: string;

  constructor(store: ModelStore, { key, bytes, etag }: { key: string; bytes: number; etag: string }) {
    this.#store = store;
    this.#key = key;
    this.bytes = bytes;
    this.etag = etag;
  }

  static async open(store: ModelStore, key: string): Promise<StoredFile> {
    const first = await retry(() => store.openRange(key, { start: 0, end: 0 }), store.retryDelayMs);
    first.discard();
    return new StoredFile(store, { key, bytes: first.totalBytes, etag: first.etag });
  }

  /**
   * Reads a range whole, again when the connection fails.
   * @throws {BundleError} `precondition_failed` when the object has become another one
   */
  async read({ start, end }: ByteRange): Promise<Buffer> {
    if (end < start) return Buffer.alloc(0);
    return retry(async () => {
      const { chunks } = await this.#store.openRange(this.#key, { start, end }, { ifMatch: this.etag });
      const read: Uint8Array[] = [];
      for await (const chunk of chunks) read.push(chunk);
      return Buffer.concat(read);
    }, this.#store.retryDelayMs);
  }

  /** The bytes from one on in pieces, of which the next is on its way while one is looked at. */
  async *pieces(start: number, pieceBytes: number): AsyncGenerator<Buffer, void, undefined> {
    const readAt = (at: number) => this.read({ start: at, end: Math.min(at + pieceBytes, this.bytes) - 1 });
    let next = readAt(start);
    for (let at = start; at < this.bytes; at += pieceBytes) {
      const piece = await next;
      next = readAt(at + pieceBytes);
      next.catch(() => undefined); // it is thrown when its turn comes
      yield piece;
    }
  }
}
