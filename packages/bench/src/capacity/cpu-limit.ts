import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../children.ts";

/** What Fargate gives a task is shared out in periods of this length, as Docker's `--cpus` does. */
export const periodMs = 100;

const root = "/sys/fs/cgroup";

/**
 * A control group whose processes together get so many CPUs and no more: what a fraction of a vCPU is to a task. Linux
 * only, and for whoever may make one (root, or an owner of a delegated group).
 */
export class CpuLimit {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws {Error} in plain words where no such group can be made */
  static create(name: string, cpus: number): CpuLimit {
    const quotaUs = Math.round(cpus * periodMs * 1_000);
    const isUnified = existsSync(join(root, "cgroup.controllers"));
    const folder = join(root, isUnified ? "" : "cpu", name);
    try {
      if (isUnified) writeFileSync(join(root, "cgroup.subtree_control"), "+cpu");
      mkdirSync(folder, { recursive: true });
      if (isUnified) writeFileSync(join(folder, "cpu.max"), `${quotaUs} ${periodMs * 1_000}`);
      else writeFileSync(join(folder, "cpu.cfs_quota_us"), String(quotaUs));
    } catch (cause) {
      throw new Error(`No control group can be made at ${folder}: this needs Linux, and root's rights.`, { cause });
    }
    return new CpuLimit(folder);
  }

  /** The command, run inside the limit from its first instruction on. */
  around(command: Command): Command {
    return ["sh", "-c", 'echo $$ > "$0" && exec "$@"', join(this.#folder, "cgroup.procs"), ...command];
  }

  /** The share of periods since the group was made in which its processes had to wait for the next one. */
  throttledShare(): number {
    const stat = readFileSync(join(this.#folder, "cpu.stat"), "utf8");
    const [, periods, throttled] = /nr_periods (\d+)\nnr_throttled (\d+)/.exec(stat) ?? [];
    return Number(throttled) / Math.max(1, Number(periods));
  }

  /** To be called when its processes have ended. */
  remove(): void {
    rmdirSync(this.#folder);
  }
}
