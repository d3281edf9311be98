import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyFiles } from "./bundle-files.ts";
import { readBundle, type Bundle } from "./bundle.ts";
import { downloadBundle } from "./download.ts";
import { passing } from "./last-act.ts";
import { parseVersionId, versionId, type Version } from "./layout.ts";
import { totalBytes } from "./manifest.ts";
import { createPredictor } from "./predictor.ts";
import { readPointer, type Pointer } from "./pointer.ts";
import { publish } from "./publish.ts";
import { find, list, promote, rollback, type ListedVersion } from "./release.ts";
import { BundleError, isBundleError } from "./errors.ts";
import type { ModelStore } from "./store.ts";
import { formatBytes, formatShare, progressOf, table, type Terminal } from "./terminal.ts";
import { startTrial, stopTrial, type TrialTerms } from "./trial.ts";
import { UsageError } from "./usage.ts";
import { assertWeightsNamed } from "./weight-files.ts";

interface Context {
  /** `--share`, where it was given. */
  readonly share: string | undefined;
  /** Call it only where a store is needed: it fails where none was named. */
  readonly openStore: () => ModelStore;
  readonly terminal: Terminal;
  readonly force: boolean;
}

interface Command {
  /** What the command takes, where it takes anything. */
  readonly operand?: string;
  /** Resolves to what is printed. */
  readonly run: (context: Context, operand: string) => Promise<string>;
}

/** Where `--share` isn't given: few meet a canary, nobody meets a shadow. */
const usualShares = { canary: 0.1, shadow: 1 } as const;

export const storeCommands: Readonly<Partial<Record<string, Command>>> = {
  publish: { operand: "the folder of a bundle", run: runPublish },
  promote: { operand: "NAME@VERSION", run: runPromote },
  rollback: { run: runRollback },
  canary: { operand: "NAME@VERSION", run: (context, operand) => runTrial(context, { mode: "canary", operand }) },
  shadow: { operand: "NAME@VERSION", run: (context, operand) => runTrial(context, { mode: "shadow", operand }) },
  stop: { run: runStop },
  list: { run: runList },
  verify: { operand: "the folder of a bundle or NAME@VERSION", run: runVerify },
};

async function runPublish({ openStore, terminal }: Context, dir: string): Promise<string> {
  const store = openStore();
  const bundle = await readBundle(dir);
  const release = await publish(store, bundle, { onProgress: progressOf(terminal, "publishing") });
  const id = versionId(release);
  return `published ${id} to s3://${store.bucket} (${sizeOf(bundle)}); put it to use with: promote ${id}`;
}

async function runPromote({ openStore, force }: Context, operand: string): Promise<string> {
  const version = requireVersion("promote", operand);
  const store = openStore();
  try {
    const release = await promote(store, await find(store, version), { force });
    return `${versionId(release)} is the model in use`;
  } catch (error) {
    if (!isBundleError(error, "worse")) throw error;
    throw new BundleError("worse", `${error.message}. promote --force does it all the same`, { cause: error });
  }
}

async function runRollback({ openStore }: Context): Promise<string> {
  return `${versionId(await rollback(openStore()))} is the model in use again`;
}

async function runTrial(
  { openStore, share: given }: Context,
  { mode, operand }: { mode: TrialTerms["mode"]; operand: string },
): Promise<string> {
  const version = requireVersion(mode, operand);
  const share = Number(given ?? usualShares[mode]);
  if (!(share > 0 && share <= 1)) throw new UsageError(`--share is more than 0 and at most 1, not "${given ?? ""}"`);
  const store = openStore();
  const release = await startTrial(store, await find(store, version), { mode, share });
  const [id, of] = [versionId(release), `${formatShare(share)} of the questions`];
  const does = mode === "canary" ? `answers ${of}` : `is compared on ${of} and answers none`;
  return `${id} ${does}; end it with: promote ${id}, or stop`;
}

async function runStop({ openStore }: Context): Promise<string> {
  return `${versionId(await stopTrial(openStore()))} is no longer tried out`;
}

async function runList({ openStore, terminal }: Context): Promise<string> {
  const store = openStore();
  const versions = await list(store);
  if (versions.length === 0) return `s3://${store.bucket} has no published model`;
  const stored = await readPointer(store).catch((error: unknown) => {
    terminal.out(versionTable(versions)); // of which one is promoted over what can't be read
    throw error;
  });
  const listed = versionTable(versions, stored?.pointer);
  const candidate = stored?.pointer.candidate;
  if (!candidate) return listed;
  const { mode, share, started_by: by, started_at: at } = candidate;
  const trial = `${versionId(candidate)} has been a ${mode} on ${formatShare(share)} of the questions since ${at}, by ${by}`;
  return `${listed}\n\n${trial}`;
}

function versionTable(versions: readonly ListedVersion[], pointer?: Pointer): string {
  const used = pointer && versionId(pointer);
  const tried = pointer?.candidate && versionId(pointer.candidate);
  const rows = versions.map((listed) => {
    const id = versionId(listed);
    const published = listed.publishedAt.toISOString().slice(0, 16).replace("T", " ");
    return [
      id === used ? "*" : id === tried ? "?" : "",
      listed.name,
      listed.version,
      formatBytes(listed.bytes),
      published,
    ];
  });
  return table([["", "NAME", "VERSION", "SIZE", "PUBLISHED (UTC)"], ...rows]);
}

async function runVerify({ openStore, terminal }: Context, operand: string): Promise<string> {
  const version = parseVersionId(operand);
  if (!version) return verify(await readBundle(operand));
  const store = openStore();
  await using folder = passing(await mkdtemp(join(tmpdir(), "verify-")));
  const options = { onProgress: progressOf(terminal, "downloading") };
  return await verify(await downloadBundle(store, await find(store, version), join(folder.path, "bundle"), options));
}

async function verify(bundle: Bundle): Promise<string> {
  await verifyFiles(bundle);
  await assertWeightsNamed(bundle);
  const predictor = await createPredictor(bundle);
  try {
    await predictor.checkGolden();
  } finally {
    await predictor.close();
  }
  const { examples, tolerance } = bundle.manifest.golden;
  const golden = `${examples.length} golden examples within ${tolerance}`;
  return `${versionId(bundle.manifest)} is sound: ${sizeOf(bundle)}, every SHA-256 right, ${golden}`;
}

function requireVersion(command: string, operand: string): Version {
  const version = parseVersionId(operand);
  if (!version) throw new UsageError(`${command} takes NAME@VERSION, not "${operand}"`);
  return version;
}

function sizeOf({ manifest }: Bundle): string {
  const count = manifest.files.length;
  return `${count} ${count === 1 ? "file" : "files"}, ${formatBytes(totalBytes(manifest))}`;
}
