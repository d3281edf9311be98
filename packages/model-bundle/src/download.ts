import { writeManifest, type Bundle } from "./bundle.ts";
import { fillFolder } from "./disk.ts";
import { downloadFile } from "./download-file.ts";
import { BundleError } from "./errors.ts";
import { fileKey, manifestKey, versionId } from "./layout.ts";
import { parseManifest, totalBytes, type Manifest } from "./manifest.ts";
import type { Release } from "./release.ts";
import { sha256OfText } from "./sha256.ts";
import { Slots } from "./slots.ts";
import type { ModelStore } from "./store.ts";

const PARALLEL_RANGES = 8;

/** Of all files together; `bytesLoaded` falls when a file has to start again. */
export interface Progress {
  readonly bytesLoaded: number;
  readonly bytesTotal: number;
}

/** One GET of a download. Times are epochs. */
export interface StoreRead {
  readonly key: string;
  /** Absent where the whole object is read. */
  readonly range?: string;
  readonly bytes: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly isWhole: boolean;
}

export interface TransferOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onRead?: ((read: StoreRead) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Streams a release out of the store into a folder of its own, which it makes, for this user's eyes only. Each byte there
 * has been verified: the manifest against the release's SHA-256, the files against the manifest's. After a failure there is
 * no folder. Memory doesn't grow with the files.
 * @throws {BundleError} `not_found`, `hash_mismatch`, `invalid_manifest`, `aborted`, `disk_failed` (also where the folder is
 * there already), or the store's codes
 */
// eslint-disable-next-line max-params -- from where, what, where to; the options beside them are optional
export async function downloadBundle(
  store: ModelStore,
  release: Release,
  folder: string,
  options: TransferOptions = {},
): Promise<Bundle> {
  const bundle = { manifest: await downloadManifest(store, release, options), folder };
  return fillFolder(folder, async () => {
    await downloadFiles(store, bundle, options);
    await writeManifest(bundle);
    return bundle;
  });
}

async function downloadFiles(
  store: ModelStore,
  { manifest, folder }: Bundle,
  { onProgress, onRead, signal }: TransferOptions,
): Promise<void> {
  const stop = new AbortController();
  const slots = new Slots(PARALLEL_RANGES);
  const bytesTotal = totalBytes(manifest);
  let bytesLoaded = 0;
  const tasks = manifest.files.map((file) =>
    downloadFile({
      store,
      key: fileKey(manifest, file.path),
      file,
      folder,
      slots,
      signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
      onBytes: (count) => onProgress?.({ bytesLoaded: (bytesLoaded += count), bytesTotal }),
      onRead,
    }),
  );
  try {
    await Promise.all(tasks);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(tasks);
    throw error;
  }
}

/** @throws {BundleError} `not_found`, `hash_mismatch`, `invalid_manifest` */
export async function downloadManifest(
  store: ModelStore,
  release: Release,
  { onRead, signal }: TransferOptions = {},
): Promise<Manifest> {
  const key = manifestKey(release);
  const startMs = Date.now();
  const { text } = await store.readText(key, { signal });
  onRead?.({ key, bytes: Buffer.byteLength(text), startMs, endMs: Date.now(), isWhole: true });
  const found = sha256OfText(text);
  if (found !== release.manifestSha256) {
    const message = `its SHA-256 is ${found}, but ${release.manifestSha256} was promoted`;
    throw new BundleError("hash_mismatch", `manifest.json of ${versionId(release)} has changed: ${message}`);
  }
  const manifest = parseManifest(text);
  if (versionId(manifest) !== versionId(release)) {
    const message = `the manifest of ${versionId(release)} names itself ${versionId(manifest)}`;
    throw new BundleError("invalid_manifest", message);
  }
  return manifest;
}
