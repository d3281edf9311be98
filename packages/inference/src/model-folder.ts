import { messageOf } from "@tagsmith/model-bundle/errors";
import type { Version } from "@tagsmith/model-bundle/layout";
import { mkdtempSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";

const prefix = `tagsmith-models-${hostname()}-`;

/** Names of this process's folders. */
const own = new Set<string>();

/** A folder for this process alone, where each version of the model gets a folder of its own. */
export class ModelFolder {
  readonly #path: string;
  #lastNumber = 0;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Throws when `parent`, by default the system's folder for temporary files, can't be written. */
  static open(parent: string = tmpdir()): ModelFolder {
    try {
      removeLeftovers(parent);
      const path = mkdtempSync(join(parent, `${prefix}${process.pid}-`)); // of mode 0700
      own.add(basename(path));
      return new ModelFolder(path);
    } catch (cause) {
      throw new Error(`MODEL_FOLDER: ${messageOf(cause)}`, { cause });
    }
  }

  /** Where a version may be put, for the first time or once more. */
  pathFor({ name, version }: Version): string {
    return join(this.#path, `${name}-${version}-${++this.#lastNumber}`);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true });
  }
}

/** A process that was killed leaves its folder. In a container that is started again, its successor has the same id. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix) || own.has(name)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (pid === process.pid || !isRunning(pid)) void rm(join(parent, name), { recursive: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
