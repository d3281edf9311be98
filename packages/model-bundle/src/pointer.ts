import * as z from "zod";
import { BundleError, isBundleError } from "./errors.ts";
import { POINTER_KEY, versionId, type Version } from "./layout.ts";
import { releaseFields } from "./manifest.ts";
import { readJson } from "./read-json.ts";
import type { Release } from "./release.ts";
import type { ModelStore, WriteCondition } from "./store.ts";

/** Who promotes when a stage is deployed. A seed may be replaced by the next one; whatever a person chose stays. */
export const SEED = "seed";

const promotion = {
  ...releaseFields,
  promoted_at: z.iso.datetime({ offset: true }),
  /** `seed`, `operator` (who typed a command), or the name of a person. */
  promoted_by: z.string().min(1).max(100),
};
const candidate = z.strictObject({
  ...releaseFields,
  /** `canary`: answers a share of the questions. `shadow`: is asked a share of them too, and answers nobody. */
  mode: z.enum(["canary", "shadow"]),
  /** Of the questions, from 0 to 1. */
  share: z.number().gt(0).max(1),
  started_at: z.iso.datetime({ offset: true }),
  started_by: z.string().min(1).max(100),
});
const pointerSchema = z.strictObject({
  schema_version: z.literal(1),
  ...promotion,
  history: z.array(z.strictObject(promotion)),
  /** What is tried out beside it. */
  candidate: candidate.optional(),
});

/** `models/current.json`: the version in use and, newest first, those before it. One GetObject tells a reader all. */
export type Pointer = z.infer<typeof pointerSchema>;

interface StoredPointer {
  readonly pointer: Pointer;
  readonly etag: string;
}

/** What a pointer takes the place of: its ETag is enough, so that it may be something that isn't one. */
export type Replaced = Pick<StoredPointer, "etag"> & Partial<StoredPointer>;

/**
 * The pointer, or undefined where nothing has been promoted yet.
 * @throws {BundleError} `invalid_pointer`; with `unlessEtag`, `not_modified` while it is still that one
 */
export async function readPointer(
  store: ModelStore,
  options: { unlessEtag?: string } = {},
): Promise<StoredPointer | undefined> {
  const stored = await readStored(store, options);
  return stored && { pointer: parsePointer(stored.text), etag: stored.etag };
}

/** What is to be replaced by force, whatever it is; undefined where there is nothing. */
export async function readReplaced(store: ModelStore): Promise<Replaced | undefined> {
  const stored = await readStored(store);
  if (!stored) return undefined;
  const { text, etag } = stored;
  try {
    return { pointer: parsePointer(text), etag };
  } catch {
    return { etag };
  }
}

async function readStored(store: ModelStore, options: Parameters<typeof readPointer>[1] = {}) {
  try {
    return await store.readText(POINTER_KEY, options);
  } catch (error) {
    if (isBundleError(error, "not_found")) return undefined;
    throw error;
  }
}

/** The release that an entry of the pointer names. */
export function toRelease({ name, version, manifest_sha256 }: Version & { manifest_sha256: string }): Release {
  return { name, version, manifestSha256: manifest_sha256 };
}

/** @throws {BundleError} `conflict` where the pointer is not the one that was seen, saying what was `refused` and how it is now */
export function assertSeen(now: Replaced | undefined, seen: string | undefined, refused: string): void {
  if (now?.pointer && seen !== undefined && now.etag !== seen)
    throw new BundleError("conflict", lostRace(refused, now.pointer));
}

/**
 * Replaces the pointer, if it still is the one that was read.
 * @throws {BundleError} `conflict`, as `assertSeen`
 */
export async function replacePointer(
  store: ModelStore,
  before: Replaced | undefined,
  { pointer, refused }: { pointer: Pointer; refused: string },
): Promise<void> {
  const text = `${JSON.stringify(pointer, null, 2)}\n`;
  const condition: WriteCondition = before ? { ifMatch: before.etag } : { ifAbsent: true };
  try {
    await store.write(POINTER_KEY, text, condition);
  } catch (error) {
    if (!isBundleError(error, "precondition_failed")) throw error;
    const { text: winner } = await store.readText(POINTER_KEY);
    // A write whose answer was lost is sent again by the SDK and then meets itself.
    if (winner === text) return;
    throw new BundleError("conflict", lostRace(refused, parsePointer(winner)), { cause: error });
  }
}

export const notPromoted = (version: Version): string => `${versionId(version)} was not promoted`;

function lostRace(refused: string, { candidate: tried, ...used }: Pointer): string {
  if (tried) {
    return `${refused}: meanwhile a trial of ${versionId(tried)} was started, by ${tried.started_by} at ${tried.started_at}`;
  }
  // A promotion came first, or the end of a trial.
  return `${refused}: somebody else was faster, and ${versionId(used)} is in use, promoted by ${used.promoted_by} at ${used.promoted_at}`;
}

const parsePointer = (text: string): Pointer => readJson(text, pointerSchema, invalid);

const invalid = (problem: string, cause: unknown) =>
  new BundleError("invalid_pointer", `${POINTER_KEY}${problem}; promote --force writes it anew, without its history`, {
    cause,
  });
