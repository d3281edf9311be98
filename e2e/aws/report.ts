import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { root } from "../process.ts";
import { interrupted } from "./command.ts";
import { NoEngine } from "./engine.ts";
import { print } from "./print.ts";

/** What was checked: a line for each step, then the counts, which test-results/ keeps for whoever adds them up. */
export class Report {
  readonly #counts = { passed: 0, failed: 0, skipped: 0 };
  readonly #name: string;
  #explain = async (): Promise<string> => Promise.resolve("");

  constructor(name: string) {
    this.#name = name;
  }

  /**
   * @param check may resolve to what is worth telling of a success.
   * @returns whether it succeeded.
   */
  async step(name: string, check: () => Promise<string | undefined>): Promise<boolean> {
    const start = performance.now();
    try {
      const detail = await check();
      this.#counts.passed++;
      const seconds = `${((performance.now() - start) / 1000).toFixed(0)} s`;
      print(`ok ${name} (${[detail, seconds].filter(Boolean).join(", ")})`);
      return true;
    } catch (error) {
      interrupted.throwIfAborted();
      this.#counts.failed++;
      print(`FAILED ${name}\n${describe(error)}\n${await this.#explain().catch(describe)}`);
      return false;
    }
  }

  /** What to print with a step that fails from now on, e.g. the end of a log. */
  explainWith(explain: () => Promise<string>): void {
    this.#explain = explain;
  }

  /** Runs all steps; without an engine they are skipped, and what breaks outside of one counts as failed. Leaves the counts and the exit code. */
  async collect(steps: (report: Report) => Promise<void>): Promise<void> {
    await steps(this).catch((error: unknown) => {
      if (error instanceof NoEngine) {
        this.#counts.skipped++;
        print(`skipped: ${error.message}`);
      } else {
        this.#counts.failed++;
        print(`FAILED ${describe(error)}`);
      }
    });
    const { passed, failed, skipped } = this.#counts;
    mkdirSync(join(root, "test-results"), { recursive: true });
    writeFileSync(join(root, "test-results", `${this.#name}.json`), JSON.stringify(this.#counts));
    print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
    process.exitCode = failed > 0 ? 1 : 0;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const cause = error.cause === undefined ? "" : `\n${describe(error.cause)}`;
  return `${error.message}${cause}`;
}
