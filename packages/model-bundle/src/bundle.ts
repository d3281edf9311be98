import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readBundleFile } from "./bundle-files.ts";
import { onDisk } from "./disk.ts";
import { formatManifest, parseManifest, type Manifest } from "./manifest.ts";

/** A model and all that it needs, in a folder: each of `manifest.files` is there under its path. */
export interface Bundle {
  readonly manifest: Manifest;
  readonly folder: string;
}

/** The manifest's name in a bundle's folder. */
const MANIFEST_FILE = "manifest.json";

/**
 * Reads the manifest of a bundle's folder. Whether the files are there, and right, is for `verifyFiles` to say.
 * @throws {BundleError} `missing_file`, `invalid_manifest`
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const text = (await readBundleFile({ folder }, MANIFEST_FILE)).toString("utf8");
  return { manifest: parseManifest(text), folder };
}

/**
 * Writes a bundle's manifest beside its files, which makes the folder a bundle: call it last.
 * @throws {BundleError} `disk_failed`
 */
export async function writeManifest({ manifest, folder }: Bundle): Promise<void> {
  const path = join(folder, MANIFEST_FILE);
  await onDisk(path, () => writeFile(path, formatManifest(manifest)));
}
