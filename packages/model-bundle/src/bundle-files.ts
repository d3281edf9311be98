import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bundle } from "./bundle.ts";
import { BundleError, messageOf } from "./errors.ts";
import type { ManifestFile } from "./manifest.ts";
import { sha256OfStream } from "./sha256.ts";

// Apart from reading manifests: a model's thread gets its own read, and would take 4 MB more for the schemas.

/**
 * Compares each file with the size and SHA-256 that the manifest promises.
 * @throws {BundleError} `missing_file`, `hash_mismatch` naming the file, what was expected and what was found
 */
export async function verifyFiles({ manifest, folder }: Bundle): Promise<void> {
  for (const file of manifest.files) assertSameFile(file, await describeFile(folder, file.path));
}

/** @throws {BundleError} `hash_mismatch` */
export function assertSameFile(expected: ManifestFile, found: Omit<ManifestFile, "path">): void {
  if (found.bytes !== expected.bytes) {
    const message = `${expected.path} has ${found.bytes} bytes, but its manifest says ${expected.bytes}`;
    throw new BundleError("hash_mismatch", message);
  }
  if (found.sha256 !== expected.sha256) {
    const message = `${expected.path} is corrupt: its SHA-256 is ${found.sha256}, but its manifest says ${expected.sha256}`;
    throw new BundleError("hash_mismatch", message);
  }
}

/** A file's entry for `manifest.files`. @throws {BundleError} `missing_file` */
export async function describeFile(folder: string, path: string): Promise<ManifestFile> {
  const chunks = (from: string) => sha256OfStream(createReadStream(from, { highWaterMark: 2 ** 20 }));
  return { path, ...(await reading(join(folder, path), chunks)) };
}

/** One of the bundle's small files, whole. @throws {BundleError} `missing_file` */
export async function readBundleFile({ folder }: Pick<Bundle, "folder">, path: string): Promise<Buffer> {
  return reading(join(folder, path), (from) => readFile(from));
}

async function reading<T>(path: string, read: (path: string) => Promise<T>): Promise<T> {
  try {
    return await read(path);
  } catch (cause) {
    throw new BundleError("missing_file", `${path} can't be read: ${messageOf(cause)}`, { cause });
  }
}
