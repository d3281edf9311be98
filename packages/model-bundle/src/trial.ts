import { downloadManifest } from "./download.ts";
import { BundleError } from "./errors.ts";
import { areAskedAlike } from "./instance.ts";
import { versionId } from "./layout.ts";
import { assertSeen, readPointer, replacePointer, toRelease, type Pointer } from "./pointer.ts";
import { assertComplete, OPERATOR, type Decision, type Release } from "./release.ts";
import type { ModelStore } from "./store.ts";

/** How a release is tried out beside the one in use. */
export type TrialTerms = Pick<NonNullable<Pointer["candidate"]>, "mode" | "share">;

/**
 * Has a published release tried out beside the one in use, in the place of what was tried out before.
 * @throws {BundleError} `conflict` where it is the one in use or can't be asked the same, or when somebody else was faster; `not_found`, `hash_mismatch`
 */
export async function startTrial(
  store: ModelStore,
  release: Release,
  { mode, share, by = OPERATOR, seen }: TrialTerms & Decision,
): Promise<Release> {
  const manifest = await assertComplete(store, release);
  const before = await readPointer(store);
  if (!before)
    throw new BundleError("not_found", `there is no model in use that ${versionId(release)} could be tried beside`);
  const refused = `${versionId(release)} is not tried out`;
  assertSeen(before, seen, refused);
  if (versionId(release) === versionId(before.pointer)) {
    throw new BundleError("conflict", `${versionId(release)} is the model in use: there is nothing to try`);
  }
  if (!areAskedAlike(manifest.input, (await downloadManifest(store, toRelease(before.pointer))).input)) {
    const reads = `it can't be asked what ${versionId(before.pointer)}, which is in use, is asked`;
    throw new BundleError("conflict", `${refused}: ${reads}`);
  }
  const { name, version, manifestSha256: manifest_sha256 } = release;
  const candidate = {
    name,
    version,
    manifest_sha256,
    mode,
    share,
    started_at: new Date().toISOString(),
    started_by: by,
  };
  await replacePointer(store, before, { pointer: { ...before.pointer, candidate }, refused });
  return release;
}

/** Ends what is tried out, and resolves to it. @throws {BundleError} `no_trial`, or `conflict` when somebody else was faster */
export async function stopTrial(store: ModelStore, { seen }: Decision = {}): Promise<Release> {
  const before = await readPointer(store);
  const candidate = before?.pointer.candidate;
  if (!before || !candidate) throw new BundleError("no_trial", "no model is tried out");
  const refused = `the trial of ${versionId(candidate)} was not stopped`;
  assertSeen(before, seen, refused);
  await replacePointer(store, before, { pointer: { ...before.pointer, candidate: undefined }, refused });
  return toRelease(candidate);
}
