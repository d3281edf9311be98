import { randomUUID } from "node:crypto";
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "@tagsmith/model-bundle/disk";
import { passing } from "@tagsmith/model-bundle/last-act";
import { UsageError } from "@tagsmith/model-bundle/usage";

/**
 * Fills a new folder beside the old one and swaps them: a failure, Ctrl-C or `kill` leaves the old one whole and nothing beside it.
 * @throws {UsageError} where something else than a bundle would be lost
 * @throws {BundleError} `disk_failed`
 */
export async function replaceFolder<T>(folder: string, fill: (fresh: string) => Promise<T>): Promise<T> {
  await assertReplaceable(folder);
  // No process's number: in containers, that is the next one's, too, and one that is killed leaves its folder behind.
  await using fresh = passing(join(dirname(folder), `.${basename(folder)}.${randomUUID()}`));
  await makeFolder(fresh.path);
  const result = await fill(fresh.path);
  // In one go, so that no signal comes in between.
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh.path, folder);
  return result;
}

async function assertReplaceable(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const names = statSync(folder).isDirectory() ? await readdir(folder) : [folder];
  if (names.length === 0 || names.includes("manifest.json")) return;
  throw new UsageError(`${folder} is there and no bundle: it would be replaced. Choose another folder.`);
}
