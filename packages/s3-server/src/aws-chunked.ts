import { S3Error } from "./errors.ts";

/**
 * Takes off the framing that SDKs put around a streamed upload: `size;chunk-signature=…`, bytes, and trailing headers,
 * which go to `trailers`. Signatures are not looked at. Throws IncompleteBody.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  const reader = new Reader(iterator);
  try {
    for (let left = chunkSize(await reader.line()); left > 0; left = chunkSize(await reader.line())) {
      while (left > 0) {
        const bytes = await reader.some(left);
        left -= bytes.length;
        yield bytes;
      }
      if ((await reader.line()) !== "") throw new S3Error("IncompleteBody");
    }
    for (let line = await reader.line(); line !== ""; line = await reader.line()) {
      const colon = line.indexOf(":");
      trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
  } finally {
    await iterator.return?.();
  }
}

function chunkSize(line: string): number {
  const size = /^([0-9a-f]{1,10})(?:;.*)?$/i.exec(line)?.[1];
  if (size === undefined) throw new S3Error("IncompleteBody");
  return Number.parseInt(size, 16);
}

const maxLineBytes = 8192;

class Reader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterator<Buffer>) {
    this.#source = source;
  }

  /** Up to the next CRLF, without it; empty at the end of the source. */
  async line(): Promise<string> {
    let end = this.#rest.indexOf("\r\n");
    while (end < 0 && this.#rest.length < maxLineBytes) {
      const next = await this.#next();
      if (next === undefined) break;
      this.#rest = Buffer.concat([this.#rest, next]);
      end = this.#rest.indexOf("\r\n");
    }
    if (end < 0 && this.#rest.length > 0) throw new S3Error("IncompleteBody");
    const line = this.#rest.toString("latin1", 0, Math.max(end, 0));
    this.#rest = this.#rest.subarray(end + 2);
    return line;
  }

  /** At least one byte and at most so many. */
  async some(maxBytes: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const next = await this.#next();
      if (next === undefined) throw new S3Error("IncompleteBody");
      this.#rest = next;
    }
    const bytes = this.#rest.subarray(0, maxBytes);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  async #next(): Promise<Buffer | undefined> {
    const next = await this.#source.next();
    return next.done === true ? undefined : next.value;
  }
}
