import type { Bundle } from "./bundle.ts";
import { downloadManifest } from "./download.ts";
import { BundleError } from "./errors.ts";
import { assertNotWorse } from "./evaluation.ts";
import { fileKey, manifestKey, parseKey, VERSIONS_PREFIX, versionId, type Version } from "./layout.ts";
import type { Manifest } from "./manifest.ts";
import {
  assertSeen,
  notPromoted,
  readPointer,
  readReplaced,
  replacePointer,
  SEED,
  toRelease,
  type Pointer,
  type Replaced,
} from "./pointer.ts";
import { publish } from "./publish.ts";
import { sha256OfText } from "./sha256.ts";
import type { ModelStore } from "./store.ts";

/** A published version, pinned to the very bytes of its manifest. */
export interface Release extends Version {
  readonly manifestSha256: string;
}

export interface ListedVersion extends Version {
  readonly bytes: number;
  readonly publishedAt: Date;
}

export interface Decision {
  /** Who decided, as the history names it. */
  readonly by?: string;
  /** ETag of the pointer on which it was decided: a promotion since then is a conflict. Without, whatever is there now. */
  readonly seen?: string;
  /** Also a release that was compared with the one in use and found worse, or over a pointer that can't be read. */
  readonly force?: boolean;
}

/** Who decides on a command line. */
export const OPERATOR = "operator";

/** As far as anyone would want to roll back. */
const MAX_HISTORY = 20;

/** The release in use; undefined where nothing has been promoted yet. */
export async function current(store: ModelStore): Promise<Release | undefined> {
  const stored = await readPointer(store);
  return stored && toRelease(stored.pointer);
}

/**
 * Points the store to a release, after a check that its manifest and files are there and that nobody found it worse. A trial
 * ends with it.
 * @throws {BundleError} `not_found`, `hash_mismatch`, `worse`, or `conflict` when another promotion came first, saying which
 */
export async function promote(
  store: ModelStore,
  release: Release,
  { by = OPERATOR, seen, force = false }: Decision = {},
): Promise<Release> {
  await assertComplete(store, release);
  const before = await (force ? readReplaced(store) : readPointer(store));
  const used = before?.pointer;
  assertSeen(before, seen, notPromoted(release));
  if (used?.promoted_by === by && isSame(toRelease(used), release)) {
    if (used.candidate) {
      const pointer = { ...used, candidate: undefined };
      await replacePointer(store, before, { pointer, refused: notPromoted(release) });
    }
    return release;
  }
  if (used && !force) await assertNotWorse(store, release, toRelease(used));
  const history = used ? [toPromotion(used), ...used.history].slice(0, MAX_HISTORY) : [];
  await point(store, before, { ...promotionOf(release, by), history });
  return release;
}

/** What a rollback goes back to. The history holds the current release as well where that was promoted more than once. */
export function previousOf(pointer: Pointer): Promotion | undefined {
  return pointer.history.find((earlier) => !isSame(toRelease(earlier), toRelease(pointer)));
}

/**
 * Goes back to the release before the current one, and once more when called again. A trial ends with it.
 * @throws {BundleError} `no_previous`, `conflict`, `not_found`
 */
export async function rollback(store: ModelStore, { by = OPERATOR, seen }: Decision = {}): Promise<Release> {
  const before = await readPointer(store);
  const previous = before && previousOf(before.pointer);
  if (!previous) {
    const state = before ? `${versionId(before.pointer)} is the first` : "nothing has been promoted";
    throw new BundleError("no_previous", `there is no earlier model to go back to: ${state}`);
  }
  const release = toRelease(previous);
  assertSeen(before, seen, notPromoted(release));
  await assertComplete(store, release);
  const history = before.pointer.history.slice(before.pointer.history.indexOf(previous) + 1);
  await point(store, before, { ...promotionOf(release, by), history });
  return release;
}

/**
 * Publishes the shipped bundle. Promotes it where there is no model yet, or where the current one was itself seeded and is
 * another version; what a person promoted stays.
 */
export async function seed(store: ModelStore, bundle: Bundle): Promise<Release> {
  const release = await publish(store, bundle);
  const before = await readPointer(store);
  const isDue = !before || (before.pointer.promoted_by === SEED && !isSame(toRelease(before.pointer), release));
  if (isDue) await promote(store, release, { by: SEED, force: true });
  return release;
}

/** A published version by its name. @throws {BundleError} `not_found` */
export async function find(store: ModelStore, version: Version): Promise<Release> {
  const { text } = await store.readText(manifestKey(version));
  return { name: version.name, version: version.version, manifestSha256: sha256OfText(text) };
}

/** Every published version, by name and the newest first. */
export async function list(store: ModelStore): Promise<ListedVersion[]> {
  const found = new Map<string, { version: Version; bytes: number; publishedAt?: Date }>();
  for await (const { key, bytes, modifiedAt } of store.list(VERSIONS_PREFIX)) {
    const version = parseKey(key);
    if (!version) continue;
    const entry = found.get(versionId(version)) ?? { version, bytes: 0 };
    entry.bytes += bytes;
    if (version.path === "manifest.json") entry.publishedAt = modifiedAt;
    found.set(versionId(version), entry);
  }
  return [...found.values()]
    .flatMap(({ version: { name, version }, bytes, publishedAt }) =>
      publishedAt ? [{ name, version, bytes, publishedAt }] : [],
    )
    .sort((a, b) => a.name.localeCompare(b.name) || b.publishedAt.getTime() - a.publishedAt.getTime());
}

/**
 * Resolves to the release's manifest.
 * @throws {BundleError} `not_found`, or `hash_mismatch` where a file hasn't the size that the manifest says
 */
export async function assertComplete(store: ModelStore, release: Release): Promise<Manifest> {
  const manifest = await downloadManifest(store, release);
  for (const { path, bytes } of manifest.files) {
    const found = await store.sizeOf(fileKey(release, path));
    if (found === bytes) continue;
    const message = `${path} of ${versionId(release)} has ${found} bytes in the store, but its manifest says ${bytes}`;
    throw new BundleError("hash_mismatch", message);
  }
  return manifest;
}

type Promotion = Pointer["history"][number];

async function point(
  store: ModelStore,
  before: Replaced | undefined,
  next: Promotion & Pick<Pointer, "history">,
): Promise<void> {
  await replacePointer(store, before, { pointer: { schema_version: 1, ...next }, refused: notPromoted(next) });
}

function promotionOf(release: Release, by: string): Promotion {
  const { name, version, manifestSha256: manifest_sha256 } = release;
  return { name, version, manifest_sha256, promoted_at: new Date().toISOString(), promoted_by: by };
}

function toPromotion({ name, version, manifest_sha256, promoted_at, promoted_by }: Pointer): Promotion {
  return { name, version, manifest_sha256, promoted_at, promoted_by };
}

function isSame(one: Release, other: Release): boolean {
  return one.manifestSha256 === other.manifestSha256; // a manifest holds its name and version
}
