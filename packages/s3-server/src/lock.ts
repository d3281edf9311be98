import { mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const heldHere = new Set<string>();

/**
 * Takes the folder for this process and returns how to give it back; throws if a living process has it. The listing is
 * kept in memory, so a second server on the folder would neither see the first one's writes nor respect its conditions.
 */
export function lockFolder(root: string): () => void {
  const folder = realpathSync(root);
  if (heldHere.has(folder)) throw new Error(`An S3 server of this process already serves ${folder}.`);
  const locks = join(folder, ".locks");
  const own = join(locks, String(process.pid));
  mkdirSync(locks, { recursive: true });
  // Written before the others' are read: of two that start at once, one sees the other or both do, and none is ignored.
  writeFileSync(own, "");
  for (const pid of readdirSync(locks).map(Number)) {
    const file = join(locks, String(pid));
    // Our own number may be left over from a former life, as pid 1 in a container is.
    if (pid === process.pid) continue;
    if (isAlive(pid)) {
      rmSync(own);
      throw new Error(`Process ${pid} already serves ${folder}: stop it first, or delete ${file} if it is not one.`);
    }
    rmSync(file, { force: true });
  }
  heldHere.add(folder);
  return () => {
    rmSync(own, { force: true });
    heldHere.delete(folder);
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
