import { createReadStream, mkdirSync, openSync, renameSync } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Checksum } from "./checksums.ts";
import { S3Error } from "./errors.ts";
import type { S3Request } from "./request.ts";
import { readSeal } from "./sealed-file.ts";

/** A multipart upload under way. */
export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The checksum that the object shall have. */
  readonly checksum: Omit<Checksum, "value"> | undefined;
}

export interface Part {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly modifiedMs: number;
  readonly checksum: Checksum | undefined;
}

/** An upload as others find it. */
export interface ListedUpload extends Upload {
  readonly startedMs: number;
}

interface Entry {
  readonly upload: Upload;
  readonly startedMs: number;
  readonly parts: Map<number, Part>;
}

/** As long as a stage's bucket of files keeps them. */
const keptMs = 7 * 24 * 3_600_000;

/** The multipart uploads of all buckets: one folder each, with the sealed files `upload`, `1`, `2`, … */
export class Uploads {
  readonly #directory: string;
  readonly #entries = new Map<string, Entry>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Reads what is there, and removes what has got no part for a week: its client is gone, and would leave them for good. */
  static async open(directory: string): Promise<Uploads> {
    await mkdir(directory, { recursive: true });
    const uploads = new Uploads(directory);
    for (const id of await readdir(directory)) await uploads.#load(id);
    return uploads;
  }

  /** A bucket's, in the order of their keys and then of their ids. */
  list(bucket: string): ListedUpload[] {
    const found = [...this.#entries.values()].filter(({ upload }) => upload.bucket === bucket);
    return found.map(({ upload, startedMs }) => ({ ...upload, startedMs })).sort(compareUploads);
  }

  /** Throws NoSuchUpload, also if the upload is one to another key. */
  get(request: S3Request): Upload {
    return this.#entry(request).upload;
  }

  /** In ascending order. */
  parts(request: S3Request): Part[] {
    return [...this.#entry(request).parts.values()].sort((one, other) => one.number - other.number);
  }

  /** `path` is the sealed file of the upload. */
  start(path: string, upload: Upload): void {
    mkdirSync(join(this.#directory, upload.id));
    renameSync(path, join(this.#directory, upload.id, "upload"));
    this.#entries.set(upload.id, { upload, startedMs: Date.now(), parts: new Map() });
  }

  /** `path` is the sealed file of the part; it replaces an earlier one of its number. */
  addPart(request: S3Request, path: string, part: Part): void {
    const { upload, parts } = this.#entry(request);
    renameSync(path, join(this.#directory, upload.id, String(part.number)));
    parts.set(part.number, part);
  }

  /** The bytes of these very parts; throws InvalidPart or NoSuchUpload where one has been replaced or removed since. */
  async *read(upload: Upload, parts: readonly Part[]): AsyncGenerator<Buffer> {
    for (const part of parts) {
      const entry = this.#entries.get(upload.id);
      if (entry === undefined) throw new S3Error("NoSuchUpload", { fields: { UploadId: upload.id } });
      if (entry.parts.get(part.number) !== part)
        throw new S3Error("InvalidPart", { fields: { PartNumber: part.number } });
      if (part.size === 0) continue;
      // Opened at once, it stays that part.
      const fd = openSync(join(this.#directory, upload.id, String(part.number)), "r");
      yield* createReadStream("", { fd, end: part.size - 1, highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>;
    }
  }

  async remove(upload: Upload): Promise<void> {
    this.#entries.delete(upload.id);
    await rm(join(this.#directory, upload.id), { recursive: true, force: true });
  }

  #entry(request: S3Request): Entry {
    const id = request.query.get("uploadId") ?? "";
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.upload.bucket !== request.bucket || entry.upload.key !== request.key) {
      throw new S3Error("NoSuchUpload", { fields: { UploadId: id } });
    }
    return entry;
  }

  async #load(id: string): Promise<void> {
    const directory = join(this.#directory, id);
    const files = await readdir(directory);
    // Each part that comes changes the folder.
    const { mtimeMs } = await stat(directory);
    if (!files.includes("upload") || mtimeMs < Date.now() - keptMs) {
      await rm(directory, { recursive: true });
      return;
    }
    const file = join(directory, "upload");
    const upload = (await readSeal(file)) as Upload;
    const { mtimeMs: startedMs } = await stat(file);
    const numbers = files.filter((file) => /^\d+$/.test(file));
    const parts = await Promise.all(numbers.map(async (file) => (await readSeal(join(directory, file))) as Part));
    this.#entries.set(id, { upload, startedMs, parts: new Map(parts.map((part) => [part.number, part])) });
  }
}

type Marker = Pick<Upload, "key" | "id">;

/** Keys as S3 orders them, by their UTF-8 bytes. */
export function compareUploads(one: Marker, other: Marker): number {
  return (
    Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)) || (one.id < other.id ? -1 : +(one.id > other.id))
  );
}
