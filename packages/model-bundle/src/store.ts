import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { BundleError } from "./errors.ts";
import { retry } from "./retry.ts";
import { storeError } from "./store-errors.ts";
import { clientConfig } from "./store-client.ts";
import type { StoreOptions } from "./store-options.ts";

interface StoredText {
  readonly text: string;
  readonly etag: string;
}

/** The first and the last byte, both counted in. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A body on its way: either its chunks are read to their end, or it is discarded to free the socket. */
export interface StoredBody {
  readonly etag: string;
  /** Of the whole object, not of the range. */
  readonly totalBytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
  discard(): void;
}

interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

export type WriteCondition = { readonly ifMatch: string } | { readonly ifAbsent: true };

const IDLE_TIMEOUT_MS = 5_000;
const WRITE_IDLE_TIMEOUT_MS = 120_000;
const RETRY_DELAY_MS = 100;
const READ_AHEAD_BYTES = 2 ** 18;
/** Of what is read whole. */
export const MAX_TEXT_BYTES = 64 * 2 ** 20;

/** A bucket. Its methods fail with a `BundleError` of the store's codes, and the message names the object. */
export class ModelStore {
  readonly bucket: string;
  readonly retryDelayMs: number;
  /** The SDK never retries a body that stalls or breaks off: reads are retried by `retry` alone, so it asks once. */
  readonly #reads: S3Client;
  readonly #writes: S3Client;

  constructor(options: StoreOptions) {
    this.bucket = options.bucket;
    this.retryDelayMs = options.retryDelayMs ?? RETRY_DELAY_MS;
    this.#reads = new S3Client({ ...clientConfig(options, options.idleTimeoutMs ?? IDLE_TIMEOUT_MS), maxAttempts: 1 });
    this.#writes = new S3Client(clientConfig(options, options.writeIdleTimeoutMs ?? WRITE_IDLE_TIMEOUT_MS));
  }

  /** Opens a range, once; `ifMatch` fails with `precondition_failed` where the object has become another one. */
  async openRange(
    key: string,
    { start, end }: ByteRange,
    options: { ifMatch?: string | undefined; signal?: AbortSignal } = {},
  ): Promise<StoredBody> {
    const range = `bytes=${start}-${end}`;
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: key, Range: range, IfMatch: options.ifMatch });
    const {
      Body,
      ETag,
      ContentRange = "",
    } = await this.#send(key, () => this.#reads.send(command, options.signal && { abortSignal: options.signal }));
    const body = Body as Readable;
    const sent = /^bytes (\d+)-\d+\/(\d+)$/.exec(ContentRange);
    if (Number(sent?.[1]) !== start || ETag === undefined) {
      body.destroy();
      const message = `asked for ${range}, the store sent "${ContentRange}" with ETag ${ETag ?? "none"}`;
      throw new BundleError("store_failed", `${this.#address(key)}: ${message}`);
    }
    const totalBytes = Number(sent?.[2]);
    return { etag: ETag, totalBytes, chunks: this.#chunks(key, body), discard: () => body.destroy() };
  }

  /**
   * Reads a small object whole, again when the connection fails.
   * With `unlessEtag`, fails with `not_modified` while the object still has that ETag.
   */
  async readText(
    key: string,
    options: { unlessEtag?: string; signal?: AbortSignal | undefined } = {},
  ): Promise<StoredText> {
    const { unlessEtag, signal } = options;
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: key, IfNoneMatch: unlessEtag });
    const read = async (): Promise<StoredText> => {
      const answer = await this.#send(key, () => this.#reads.send(command, signal && { abortSignal: signal }));
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of this.#chunks(key, answer.Body as Readable)) {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > MAX_TEXT_BYTES) throw new BundleError("invalid_manifest", `${this.#address(key)} is over 64 MiB`);
      }
      return { text: Buffer.concat(chunks).toString("utf8"), etag: answer.ETag ?? "" };
    };
    return retry(read, this.retryDelayMs, signal);
  }

  /** An object's size in bytes. */
  async sizeOf(key: string): Promise<number> {
    const command = new HeadObjectCommand({ Bucket: this.bucket, Key: key });
    const { ContentLength = 0 } = await this.#send(key, () => this.#writes.send(command));
    return ContentLength;
  }

  /** Writes a small object. */
  async write(key: string, body: Uint8Array | string, condition?: WriteCondition): Promise<void> {
    await this.#put(key, { Body: body }, condition);
  }

  /** Writes a file of known size in one request, which S3 takes up to 5 GB; again when the connection fails. */
  async writeFile(key: string, file: { path: string; bytes: number }, condition: WriteCondition): Promise<void> {
    const send = async (): Promise<void> => {
      const body = createReadStream(file.path, { highWaterMark: READ_AHEAD_BYTES });
      try {
        await this.#put(key, { Body: body, ContentLength: file.bytes }, condition);
      } finally {
        body.destroy();
      }
    };
    await retry(send, this.retryDelayMs);
  }

  async #put(
    key: string,
    body: { Body: Uint8Array | string | Readable; ContentLength?: number },
    condition: WriteCondition | undefined,
  ): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: key,
      ...body,
      ContentType: key.endsWith(".json") ? "application/json" : "application/octet-stream",
      ...(condition && ("ifMatch" in condition ? { IfMatch: condition.ifMatch } : { IfNoneMatch: "*" })),
    });
    await this.#send(key, () => this.#writes.send(command));
  }

  /** Every object under a prefix. */
  async *list(prefix: string): AsyncGenerator<ListedObject, void, undefined> {
    const pages = paginateListObjectsV2({ client: this.#writes }, { Bucket: this.bucket, Prefix: prefix });
    for (;;) {
      const page = await this.#send(prefix, () => pages.next());
      if (page.done) return;
      for (const { Key, Size = 0, LastModified = new Date(0) } of page.value.Contents ?? []) {
        if (Key !== undefined) yield { key: Key, bytes: Size, modifiedAt: LastModified };
      }
    }
  }

  /** Makes the bucket, for a store on this machine; one that is there already is fine. */
  async createBucket(): Promise<void> {
    try {
      await this.#writes.send(new CreateBucketCommand({ Bucket: this.bucket }));
    } catch (cause) {
      if (cause instanceof Error && cause.name === "BucketAlreadyOwnedByYou") return;
      throw storeError(cause, `s3://${this.bucket}`);
    }
  }

  close(): void {
    this.#reads.destroy();
    this.#writes.destroy();
  }

  async #send<T>(key: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (cause) {
      throw storeError(cause, this.#address(key));
    }
  }

  async *#chunks(key: string, body: Readable): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const chunk of body) yield chunk as Uint8Array;
    } catch (cause) {
      throw storeError(cause, this.#address(key));
    }
  }

  #address(key: string): string {
    return `s3://${this.bucket}/${key}`;
  }
}
