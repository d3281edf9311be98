import { isBundleError, type BundleErrorCode } from "@tagsmith/model-bundle/errors";
import { versionId, type Version } from "@tagsmith/model-bundle/layout";
import { readPointer, type Pointer } from "@tagsmith/model-bundle/pointer";
import { find, list, previousOf, promote, rollback } from "@tagsmith/model-bundle/release";
import type { ModelStore } from "@tagsmith/model-bundle/store";
import { stopTrial } from "@tagsmith/model-bundle/trial";

/** A version that was put to use: which, when and by whom. */
export interface Promotion {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
}

export interface PublishedVersion extends Version {
  readonly id: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly publishedAt: string;
  readonly isCurrent: boolean;
}

export interface Trial extends Version {
  readonly id: string;
  readonly mode: "canary" | "shadow";
  /** Of the questions, from 0 to 1. */
  readonly share: number;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
}

interface ReleaseState {
  /** Marks this state: a decision that was made on another one is refused. Empty where nothing was ever promoted. */
  readonly seen: string;
  /** By name, the newest first. */
  readonly versions: readonly PublishedVersion[];
  /** What is tried out beside the one in use. */
  readonly trial?: Trial | undefined;
  /** The one in use and those before it, as far as one can roll back. */
  readonly promotions: readonly Promotion[];
  /** The version that a rollback goes back to. */
  readonly previous?: string | undefined;
}

export interface StoreFailure {
  readonly code: BundleErrorCode;
  /** A sentence for the admin, which may name the bucket. */
  readonly message: string;
}

export type StoreResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: StoreFailure };

/** Who decides, and on which state. */
export interface Decision {
  readonly by: string;
  readonly seen: string;
}

/** The published versions, of which one is in use. Throws nothing that the store does. */
export class Releases {
  readonly #store: ModelStore;

  constructor(store: ModelStore) {
    this.#store = store;
  }

  read(): Promise<StoreResult<ReleaseState>> {
    return settle(async () => {
      const [versions, stored] = await Promise.all([list(this.#store), readPointer(this.#store)]);
      const used = stored && versionId(stored.pointer);
      const previous = stored && previousOf(stored.pointer);
      return {
        seen: stored?.etag ?? "",
        versions: versions.map(({ name, version, bytes, publishedAt }) => {
          const id = versionId({ name, version });
          return { name, version, id, bytes, publishedAt: publishedAt.toISOString(), isCurrent: id === used };
        }),
        trial: stored?.pointer.candidate && toTrial(stored.pointer.candidate),
        promotions: stored ? [stored.pointer, ...stored.pointer.history].map(toPromotion) : [],
        previous: previous && versionId(previous),
      };
    });
  }

  /** Puts a published version to use. Fails with `not_found`, `hash_mismatch`, or `conflict` where the state has changed. */
  promote(version: Version, decision: Decision): Promise<StoreResult<string>> {
    return settle(async () => versionId(await promote(this.#store, await find(this.#store, version), decision)));
  }

  /** Goes back to the version before the one in use. Fails with `no_previous`, or as `promote` does. */
  rollback(decision: Decision): Promise<StoreResult<string>> {
    return settle(async () => versionId(await rollback(this.#store, decision)));
  }

  /** Ends a trial. Fails with `no_trial`, or `conflict` where the state has changed. */
  stopTrial(decision: Decision): Promise<StoreResult<string>> {
    return settle(async () => versionId(await stopTrial(this.#store, decision)));
  }
}

function toTrial({ name, version, mode, share, ...started }: NonNullable<Pointer["candidate"]>): Trial {
  const id = versionId({ name, version });
  return { name, version, id, mode, share, at: started.started_at, by: started.started_by };
}

type Promoted = Pick<Pointer, "name" | "version" | "promoted_at" | "promoted_by">;

function toPromotion(promoted: Promoted): Promotion {
  return { id: versionId(promoted), at: promoted.promoted_at, by: promoted.promoted_by };
}

async function settle<T>(work: () => Promise<T>): Promise<StoreResult<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!isBundleError(error)) throw error;
    return { ok: false, failure: { code: error.code, message: error.message } };
  }
}
