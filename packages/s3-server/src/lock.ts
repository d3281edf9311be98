import { readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const heldHere = new Set<string>();

/**
 * Takes the folder for this process and returns how to give it back; throws if a living process has it. The listing is
 * kept in memory, so a second server on the folder would neither see the first one's writes nor respect its conditions.
 */
export function lockFolder(root: string): () => void {
  const folder = realpathSync(root);
  const file = join(folder, ".lock");
  if (heldHere.has(folder)) throw new Error(`An S3 server of this process already serves ${folder}.`);
  const owner = ownerOf(file);
  if (owner !== undefined) {
    throw new Error(`Process ${owner} already serves ${folder}: stop it first, or delete ${file} if it is not one.`);
  }
  rmSync(file, { force: true });
  writeFileSync(file, String(process.pid), { flag: "wx" });
  heldHere.add(folder);
  return () => {
    rmSync(file, { force: true });
    heldHere.delete(folder);
  };
}

/** The living process that holds the lock. Our own number is left over from a former life, as pid 1 in a container is. */
function ownerOf(file: string): number | undefined {
  const pid = Number(readIfThere(file));
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return isSystemError(error, "EPERM") ? pid : undefined;
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return "";
    throw error;
  }
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
