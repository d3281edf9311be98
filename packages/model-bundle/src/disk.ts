import { existsSync } from "node:fs";
import { mkdir, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { BundleError, messageOf } from "./errors.ts";

/**
 * Does something to a file or folder that is to be written.
 * @throws {BundleError} `disk_failed`, naming the path, where the disk is full, read-only or broken
 */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new BundleError("disk_failed", `${path} can't be written: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Makes a folder, and those above it. Node's own recursion never ends where there can't be any, as in /proc.
 * @throws {BundleError} `disk_failed`
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const parent = dirname(path);
  if (!existsSync(parent)) await makeFolder(parent, mode);
  await onDisk(path, () => mkdir(path, { mode }));
}

/**
 * Makes a folder, for this user's eyes only, and fills it; after a failure there is none.
 * @throws {BundleError} `disk_failed`, also where it is there already
 */
export async function fillFolder<T>(folder: string, fill: () => Promise<T>): Promise<T> {
  if (existsSync(folder)) throw new BundleError("disk_failed", `${folder} is there already`);
  await makeFolder(folder, 0o700);
  try {
    return await fill();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Writes a batch at a position. Only a disk that fills up writes less than it was given: what is left gets its error. */
export async function writeWhole(file: FileHandle, batch: readonly Uint8Array[], position: number): Promise<void> {
  const bytes = batch.reduce((sum, { length }) => sum + length, 0);
  const { bytesWritten } = await file.writev(batch, position);
  if (bytesWritten === bytes) return;
  await writeWhole(file, [Buffer.concat(batch).subarray(bytesWritten)], position + bytesWritten);
}
