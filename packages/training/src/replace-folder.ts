import { renameSync, rmSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Fills a new folder beside the old one and swaps them: a failure or Ctrl-C leaves the old one whole and nothing beside it.
 */
export async function replaceFolder(folder: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  const fresh = join(dirname(folder), `.${basename(folder)}.${process.pid}`);
  const interrupt = (): void => {
    rmSync(fresh, { recursive: true, force: true });
    process.exit(130);
  };
  process.once("SIGINT", interrupt);
  try {
    await mkdir(fresh, { recursive: true });
    await fill(fresh);
    // In one go, so that no signal comes in between.
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    process.off("SIGINT", interrupt);
    await rm(fresh, { recursive: true, force: true });
  }
}
