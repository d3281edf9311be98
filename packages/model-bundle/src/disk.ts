import { mkdir, rm, type FileHandle } from "node:fs/promises";
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
 * Makes a folder, for this user's eyes only, and fills it; after a failure there is none.
 * @throws {BundleError} `disk_failed`, also where it is there already
 */
export async function fillFolder<T>(folder: string, fill: () => Promise<T>): Promise<T> {
  const made = await onDisk(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
  if (made === undefined) throw new BundleError("disk_failed", `${folder} is there already`);
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
