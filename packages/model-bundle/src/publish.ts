import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyFiles } from "./bundle-files.ts";
import type { Bundle } from "./bundle.ts";
import { downloadFile } from "./download-file.ts";
import type { TransferOptions } from "./download.ts";
import { BundleError, isBundleError } from "./errors.ts";
import { passing } from "./last-act.ts";
import { fileKey, manifestKey, versionId } from "./layout.ts";
import { formatManifest, totalBytes, type ManifestFile } from "./manifest.ts";
import type { Release } from "./release.ts";
import { sha256OfText } from "./sha256.ts";
import { Slots } from "./slots.ts";
import type { ModelStore } from "./store.ts";
import { assertWeightsNamed } from "./weight-files.ts";

/**
 * Puts a bundle into the store under its name and version, the manifest last: what has a manifest is complete. A published
 * version never changes: the same bundle again does nothing, an interrupted one goes on, other bytes are refused.
 * @throws {BundleError} `conflict`, `hash_mismatch`, `missing_file`, `invalid_manifest`, or the store's codes
 */
export async function publish(
  store: ModelStore,
  bundle: Bundle,
  { onProgress }: Pick<TransferOptions, "onProgress"> = {},
): Promise<Release> {
  const { manifest } = bundle;
  const text = formatManifest(manifest);
  const release = { name: manifest.name, version: manifest.version, manifestSha256: sha256OfText(text) };
  await verifyFiles(bundle);
  await assertWeightsNamed(bundle);
  const isPublished = await hasManifest(store, release);
  const bytesTotal = totalBytes(manifest);
  let bytesLoaded = 0;
  for (const file of manifest.files) {
    const key = fileKey(release, file.path);
    const isThere = isPublished ? (await sizeOf(store, key)) === file.bytes : await isSame(store, key, file);
    if (!isThere) await writeFileOnce(store, key, { file, folder: bundle.folder });
    bytesLoaded += file.bytes;
    onProgress?.({ bytesLoaded, bytesTotal });
  }
  if (isPublished) return release;
  await writeManifestOnce(store, release, text);
  return release;
}

/** Whether this very release is published. @throws {BundleError} `conflict` if its version is, with another manifest */
async function hasManifest(store: ModelStore, release: Release): Promise<boolean> {
  try {
    const { text } = await store.readText(manifestKey(release));
    if (sha256OfText(text) === release.manifestSha256) return true;
  } catch (error) {
    if (isBundleError(error, "not_found")) return false;
    throw error;
  }
  const message = "is published already, with another content; give the bundle a new version";
  throw new BundleError("conflict", `${versionId(release)} ${message}`);
}

/**
 * Whether a file that an interrupted publication may have left is the one to publish.
 * @throws {BundleError} `conflict` if it is another one
 */
async function isSame(store: ModelStore, key: string, file: ManifestFile): Promise<boolean> {
  if ((await sizeOf(store, key)) === undefined) return false;
  await using folder = passing(await mkdtemp(join(tmpdir(), "published-")));
  try {
    const signal = new AbortController().signal;
    await downloadFile({
      store,
      key,
      file,
      folder: folder.path,
      slots: new Slots(8),
      signal,
      onBytes: () => undefined,
    });
    return true;
  } catch (error) {
    if (!isBundleError(error, "hash_mismatch")) throw error;
    const message = "is in the store already, with other bytes; give the bundle a new version";
    throw new BundleError("conflict", `${key} ${message}`);
  }
}

async function sizeOf(store: ModelStore, key: string): Promise<number | undefined> {
  try {
    return await store.sizeOf(key);
  } catch (error) {
    if (isBundleError(error, "not_found")) return undefined;
    throw error;
  }
}

async function writeFileOnce(
  store: ModelStore,
  key: string,
  { file, folder }: { file: ManifestFile; folder: string },
): Promise<void> {
  const path = join(folder, file.path);
  try {
    await store.writeFile(key, { path, bytes: file.bytes }, { ifAbsent: true });
  } catch (cause) {
    // A write whose answer was lost is sent again and then meets itself.
    if (!isBundleError(cause, "precondition_failed") || !(await isSame(store, key, file))) throw cause;
  }
}

async function writeManifestOnce(store: ModelStore, release: Release, text: string): Promise<void> {
  try {
    await store.write(manifestKey(release), text, { ifAbsent: true });
  } catch (cause) {
    // Somebody published the same version at the same time: all is well if it was the same bundle.
    if (!isBundleError(cause, "precondition_failed") || !(await hasManifest(store, release))) throw cause;
  }
}
