import { randomUUID } from "node:crypto";
import { mkdirSync, rmdirSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Bucket } from "./bucket.ts";
import { S3Error } from "./errors.ts";
import { writeSealed, type Draft } from "./sealed-file.ts";
import { Uploads } from "./uploads.ts";

/** 3 to 63 of these: never hidden, never `..`, so that a bucket is a folder of its name beside `.drafts`. */
const bucketName = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** All that the server keeps: `<bucket>/<object>`, `.uploads/<id>/<part>` and `.drafts`, the files being written. */
export class Folder {
  readonly uploads: Uploads;
  readonly #root: string;
  readonly #buckets = new Map<string, Bucket>();

  private constructor(root: string, uploads: Uploads) {
    this.#root = root;
    this.uploads = uploads;
  }

  /** Reads what is there, and removes drafts that a crash left. */
  static async open(root: string): Promise<Folder> {
    await rm(join(root, ".drafts"), { recursive: true, force: true });
    await mkdir(join(root, ".drafts"));
    const folder = new Folder(root, await Uploads.open(join(root, ".uploads")));
    for (const entry of await readdir(root, { withFileTypes: true })) {
      if (!entry.isDirectory() || !bucketName.test(entry.name)) continue;
      folder.#buckets.set(entry.name, await Bucket.open(join(root, entry.name)));
    }
    return folder;
  }

  get buckets(): Bucket[] {
    return [...this.#buckets.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Throws NoSuchBucket. */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new S3Error("NoSuchBucket", { fields: { BucketName: name } });
    return bucket;
  }

  /** Does nothing where it exists already, as S3 does in us-east-1 for the bucket's owner. */
  async createBucket(name: string): Promise<void> {
    if (this.#buckets.has(name)) return;
    if (!bucketName.test(name)) throw new S3Error("InvalidBucketName", { fields: { BucketName: name } });
    const directory = join(this.#root, name);
    mkdirSync(directory, { recursive: true });
    const bucket = await Bucket.open(directory);
    if (!this.#buckets.has(name)) this.#buckets.set(name, bucket);
  }

  deleteBucket(name: string): void {
    if (this.bucket(name).size > 0) throw new S3Error("BucketNotEmpty", { fields: { BucketName: name } });
    rmdirSync(join(this.#root, name));
    this.#buckets.delete(name);
  }

  /** Writes a body aside and hands it to `commit` once it is whole; nothing of it stays if either fails. */
  async save<R>(draft: Draft<R>, commit: (path: string, record: R) => void | Promise<void>): Promise<R> {
    const path = join(this.#root, ".drafts", randomUUID());
    try {
      const record = await writeSealed(path, draft);
      await commit(path, record);
      return record;
    } finally {
      await rm(path, { force: true });
    }
  }
}
