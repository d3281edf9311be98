import { createHash } from "node:crypto";
import { createReadStream, openSync, renameSync, rmSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import type { Checksum } from "./checksums.ts";
import { S3Error } from "./errors.ts";
import { KeyIndex } from "./key-index.ts";
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
  /** The upload in parts that made it, by which a client that asks again is told so. */
  readonly uploadId?: string;
  /** Of the parts that it came in: clients ask for one after another. */
  readonly partSizes?: readonly number[];
}

/**
 * One folder, one sealed file an object. Each change is a check, a file operation and a note in memory without a
 * pause between, so that of two conditional writes one sees the other: the event loop is the lock.
 */
export class Bucket {
  readonly name: string;
  readonly createdMs: number;
  readonly #directory: string;
  readonly #objects: Map<string, ObjectRecord>;
  readonly #keys: KeyIndex;

  private constructor(directory: string, createdMs: number, records: readonly ObjectRecord[]) {
    this.name = basename(directory);
    this.createdMs = createdMs;
    this.#directory = directory;
    this.#objects = new Map(records.map((record) => [record.key, record]));
    this.#keys = new KeyIndex(this.#objects.keys());
  }

  static async open(directory: string): Promise<Bucket> {
    const records: ObjectRecord[] = [];
    for (const file of await readdir(directory)) {
      if (objectFile.test(file)) records.push((await readSeal(join(directory, file))) as ObjectRecord);
    }
    return new Bucket(directory, (await stat(directory)).birthtimeMs, records);
  }

  get size(): number {
    return this.#objects.size;
  }

  find(key: string): ObjectRecord | undefined {
    return this.#objects.get(key);
  }

  /** Throws NoSuchKey. */
  get(key: string): ObjectRecord {
    const record = this.find(key);
    if (record === undefined) throw new S3Error("NoSuchKey", { fields: { Key: key } });
    return record;
  }

  /** In S3's order; must be read before the caller awaits anything. */
  *list(prefix: string, after: string): Generator<ObjectRecord, void, undefined> {
    for (const key of this.#keys.list(prefix, after)) yield this.get(key);
  }

  /**
   * The bytes of a record just got: opened at once, they stay those bytes whatever is written meanwhile. Must be
   * called before the caller awaits anything.
   */
  read(record: ObjectRecord, range: ByteRange = { start: 0, end: record.size - 1 }): Readable {
    if (this.#objects.get(record.key) !== record) throw new Error(`${record.key} has changed since it was looked up.`);
    if (record.size === 0) return Readable.from([]);
    const fd = openSync(this.#file(record.key), "r");
    return createReadStream("", { fd, ...range, highWaterMark: 256 * 1024 });
  }

  /** Makes a sealed file the object, if `allow` does not throw, and returns when that would survive a power cut. */
  async commit(path: string, record: ObjectRecord, allow: (current: ObjectRecord | undefined) => void): Promise<void> {
    allow(this.#objects.get(record.key));
    renameSync(path, this.#file(record.key));
    this.#objects.set(record.key, record);
    this.#keys.add(record.key);
    await this.#sync();
  }

  async remove(key: string, allow: (current: ObjectRecord | undefined) => void): Promise<void> {
    allow(this.#objects.get(key));
    if (!this.#objects.has(key)) return;
    rmSync(this.#file(key), { force: true });
    this.#objects.delete(key);
    this.#keys.delete(key);
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
