import { BundleError } from "./errors.ts";

/**
 * Does something to a file or folder that is to be written.
 * @throws {BundleError} `disk_failed`, naming the path, where the disk is full, read-only or broken
 */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BundleError("disk_failed", `${path} can't be written: ${reason}`, { cause });
  }
}
