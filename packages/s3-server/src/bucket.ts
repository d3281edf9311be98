import { createHash } from "node:crypto";
import { createReadStream, openSync, renameSync, rmSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import type { Checksum } from "./checksums.ts";
import { S3Error } from "./errors.ts";
import type { ByteRange } from "./range.ts";
import { readSeal } from "./sealed-file.ts";

/** What is stored beside an object's bytes. */
export interface ObjectRecord {
  readonly key: string;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly modifiedMs: number;
  /** Content-Type, user metadata and the like, as the client sent them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum: Checksum | undefined;
}

/**
 * One folder, one sealed file an object. Each change is a check, a file operation and a note in memory without a
 * pause between, so that of two conditional writes one sees the other: the event loop is the lock.
 */
export class Bucket {
  readonly name: string;
  readonly createdMs: number;
  readonly #directory: string;
  readonly #objects = new Map<string, ObjectRecord>();

  private constructor(directory: string, createdMs: number) {
    this.name = basename(directory);
    this.createdMs = createdMs;
    this.#directory = directory;
  }

  static async open(directory: string): Promise<Bucket> {
    const bucket = new Bucket(directory, (await stat(directory)).birthtimeMs);
    for (const file of await readdir(directory)) {
      if (!objectFile.test(file)) continue;
      const record = (await readSeal(join(directory, file))) as ObjectRecord;
      bucket.#objects.set(record.key, record);
    }
    return bucket;
  }

  get size(): number {
    return this.#objects.size;
  }

  /** Throws NoSuchKey. */
  get(key: string): ObjectRecord {
    const record = this.#objects.get(key);
    if (record === undefined) throw new S3Error("NoSuchKey", { fields: { Key: key } });
    return record;
  }

  /** In the order of the keys' UTF-8 bytes, as S3 lists them. */
  list(prefix: string, after: string): ObjectRecord[] {
    const start = Buffer.from(after);
    return [...this.#objects.values()]
      .filter(({ key }) => key.startsWith(prefix))
      .map((record) => ({ record, bytes: Buffer.from(record.key) }))
      .filter(({ bytes }) => bytes.compare(start) > 0)
      .sort((one, other) => one.bytes.compare(other.bytes))
      .map(({ record }) => record);
  }

  /**
   * The bytes of a record just got: opened at once, they stay those bytes whatever is written meanwhile. Must be
   * called before the caller awaits anything.
   */
  read(record: ObjectRecord, range: ByteRange): Readable {
    if (this.#objects.get(record.key) !== record) throw new Error(`${record.key} has changed since it was looked up.`);
    const fd = openSync(this.#file(record.key), "r");
    return createReadStream("", { fd, ...range, highWaterMark: 256 * 1024 });
  }

  /** Makes a sealed file the object, if `allow` does not throw, and returns when that would survive a power cut. */
  async commit(path: string, record: ObjectRecord, allow: (current: ObjectRecord | undefined) => void): Promise<void> {
    allow(this.#objects.get(record.key));
    renameSync(path, this.#file(record.key));
    this.#objects.set(record.key, record);
    await this.#sync();
  }

  async remove(key: string, allow: (current: ObjectRecord | undefined) => void): Promise<void> {
    allow(this.#objects.get(key));
    if (!this.#objects.has(key)) return;
    rmSync(this.#file(key), { force: true });
    this.#objects.delete(key);
    await this.#sync();
  }

  /** A digest: no key reaches the file system, whatever it holds, and `A` and `a` differ on macOS too. */
  #file(key: string): string {
    return join(this.#directory, createHash("sha256").update(key).digest("hex"));
  }

  async #sync(): Promise<void> {
    const directory = await open(this.#directory, "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

const objectFile = /^[0-9a-f]{64}$/;
