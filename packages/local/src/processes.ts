import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { childEnv } from "./env.ts";

const pollMs = 25;
const answerMs = 2_000;

type Variables = Readonly<Record<string, string>>;

export interface Program {
  readonly command: readonly [string, ...string[]];
  /** Where it runs, if not here. */
  readonly cwd?: string;
  /** Its lines: as they are, or each after its name. With the terminal it may ask, too. */
  readonly output: "inherit" | "prefixed" | "terminal";
}

const stdio = {
  // Our programs end when their channel to us does: kill -9 leaves nobody who would tell them.
  inherit: ["ignore", "inherit", "inherit", "ipc"],
  prefixed: ["ignore", "pipe", "pipe"],
  terminal: ["inherit", "inherit", "inherit"],
} as const;

/**
 * Child processes that live and end together: a signal ends all of them, and so does the end of one.
 * A first SIGINT or SIGTERM, or the end of the terminal, lets them finish what is in flight; the children answer a second one themselves.
 */
export class Processes {
  /** Resolves when the last one has ended: 0 after a signal, 1 after one ended by itself. */
  readonly ended: Promise<number>;
  readonly #running = new Set<ChildProcess>();
  #stopping = false;
  #code = 0;
  #resolve: (code: number) => void = () => undefined;

  constructor() {
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => this.#stop(signal));
    process.on("SIGHUP", () => this.#stop("SIGTERM"));
  }

  /** Runs a program with these variables added to the environment. */
  start(name: string, { command: [file, ...parameters], cwd, output }: Program, variables: Variables): void {
    const child = spawn(file, parameters, {
      ...(cwd === undefined ? {} : { cwd }),
      env: childEnv(variables),
      stdio: [...stdio[output]],
      detached: true, // a group of its own: Ctrl-C reaches it once, through us
    });
    this.#running.add(child);
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const) {
      if (from) createInterface({ input: from }).on("line", (line) => to.write(`${name.padEnd(10)}| ${line}\n`));
    }
    child.once("close", (code, signal) => {
      this.#running.delete(child);
      if (!this.#stopping) {
        this.#code = 1;
        process.stderr.write(
          `${name} ended by itself (${signal ?? `exit code ${code ?? "unknown"}`}): stopping the rest\n`,
        );
        this.#stop("SIGTERM");
      }
      if (this.#running.size === 0) this.#resolve(this.#code);
    });
  }

  /**
   * Resolves when a GET of the address succeeds.
   * @throws {Error} when the processes are ending instead.
   */
  async answers(url: string): Promise<void> {
    const isOk = () =>
      fetch(url, { signal: AbortSignal.timeout(answerMs) }).then(
        (response) => response.ok,
        () => false,
      );
    if (!(await this.until(isOk))) throw new Error(`${url}: stopped before it answered`);
  }

  /** Resolves to true once the condition holds, to false when the processes are ending instead. */
  async until(condition: () => Promise<boolean>): Promise<boolean> {
    while (!this.#stopping) {
      if (await condition()) return true;
      await delay(pollMs);
    }
    return false;
  }

  #stop(signal: NodeJS.Signals): void {
    this.#stopping = true;
    for (const { pid } of this.#running) if (pid !== undefined) endGroup(pid, signal);
  }
}

/** A watcher doesn't always pass a signal on: whatever it started gets it, too. */
function endGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
