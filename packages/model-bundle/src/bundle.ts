import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BundleError } from "./errors.ts";
import { formatManifest, parseManifest, type Manifest, type ManifestFile } from "./manifest.ts";
import { sha256 } from "./sha256.ts";

/** A model and all that it needs, in memory: the manifest, and each of `manifest.files` by its path. */
export interface Bundle {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads a bundle from a folder; `verifyFiles` is a step of its own.
 * @throws {BundleError} `missing_file`, `invalid_manifest`
 */
export async function readBundle(dir: string): Promise<Bundle> {
  const manifest = parseManifest((await readWhole(join(dir, "manifest.json"))).toString("utf8"));
  const files = new Map<string, Uint8Array>();
  for (const { path } of manifest.files) files.set(path, await readWhole(join(dir, path)));
  return { manifest, files };
}

/** Writes a bundle into a folder, the manifest last. */
export async function writeBundle(dir: string, bundle: Bundle): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const { path } of bundle.manifest.files) await writeFile(join(dir, path), fileOf(bundle, path));
  await writeFile(join(dir, "manifest.json"), formatManifest(bundle.manifest));
}

/**
 * Compares each file with the size and SHA-256 that the manifest promises.
 * @throws {BundleError} `missing_file`, `hash_mismatch` naming the file, what was expected and what was found
 */
export async function verifyFiles(bundle: Bundle): Promise<void> {
  for (const file of bundle.manifest.files) {
    const found = await describeFile(file.path, fileOf(bundle, file.path));
    assertSameFile(file, found);
  }
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

/** A file's entry for `manifest.files`. */
export async function describeFile(path: string, bytes: Uint8Array): Promise<ManifestFile> {
  return { path, bytes: bytes.length, sha256: await sha256(bytes) };
}

/** @throws {BundleError} `missing_file` */
export function fileOf(bundle: Bundle, path: string): Uint8Array {
  const bytes = bundle.files.get(path);
  if (bytes === undefined) throw new BundleError("missing_file", `the bundle lacks ${path}`);
  return bytes;
}

/** `fs.readFile` ends at 2 GiB, below the largest model. */
async function readWhole(path: string): Promise<Buffer> {
  try {
    await using file = await open(path);
    const bytes = Buffer.allocUnsafeSlow((await file.stat()).size);
    let at = 0;
    for await (const chunk of file.createReadStream({ highWaterMark: 2 ** 20, autoClose: false })) {
      at += (chunk as Buffer).copy(bytes, at);
    }
    return bytes.subarray(0, at);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BundleError("missing_file", `${path} can't be read: ${reason}`, { cause });
  }
}
