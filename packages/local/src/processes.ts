import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { childEnv } from "./env.ts";

const pollMs = 25;
const answerMs = 2_000;

interface Program {
  readonly script: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly stdout: "inherit" | "ignore";
}

/**
 * Child processes that live and end together: a signal ends all of them, and so does the end of one.
 * A first SIGINT or SIGTERM lets them finish what is in flight; the children answer a second one themselves.
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
  }

  /** Runs a program under this Node and its flags, with its variables added to the environment. */
  start(name: string, { script, variables, stdout }: Program): void {
    const child = spawn(process.execPath, [...process.execArgv, script], {
      env: childEnv(variables),
      stdio: ["ignore", stdout, "inherit"],
      detached: true, // a group of its own: Ctrl-C reaches it once, through us
    });
    this.#running.add(child);
    child.once("exit", (code, signal) => {
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
    while (!this.#stopping) {
      const ok = await fetch(url, { signal: AbortSignal.timeout(answerMs) }).then(
        (response) => response.ok,
        () => false,
      );
      if (ok) return;
      await delay(pollMs);
    }
    throw new Error(`${url}: stopped before it answered`);
  }

  #stop(signal: NodeJS.Signals): void {
    this.#stopping = true;
    for (const child of this.#running) child.kill(signal);
  }
}
