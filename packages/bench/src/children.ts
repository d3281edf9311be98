import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { childEnv } from "./env.ts";

export type Command = readonly [string, ...string[]];

interface ChildOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** Keep what it prints; otherwise that is thrown away. */
  readonly output?: boolean;
  /** Some programs end with an error though they did what they were asked. */
  readonly anyExitCode?: boolean;
}

/** After this, a child that was asked to end is killed. */
const patienceMs = 5_000;
const keptComplaints = 2_000;

/** Every process that the benchmark starts. When `signal` aborts, all of them are killed. */
export class Children {
  readonly #running = new Set<Child>();
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", () => this.killAll());
  }

  /** Throws when the benchmark is ending. */
  start(name: string, command: Command, options: ChildOptions = {}): Child {
    this.#signal.throwIfAborted();
    const child = new Child(name, command, options);
    this.#running.add(child);
    child.ended.finally(() => this.#running.delete(child)).catch(() => undefined);
    return child;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map((child) => child.stop()));
  }

  killAll(): void {
    for (const child of this.#running) child.send("SIGKILL");
  }
}

/** A process in a group of its own: what it starts ends with it. */
export class Child {
  readonly name: string;
  /** Resolves to whether it ended well. Rejects when it couldn't be started. */
  readonly ended: Promise<boolean>;
  readonly #process: ChildProcess;
  readonly #options: ChildOptions;
  #hasEnded = false;
  #end = "";
  #printed = "";
  #complaints = "";

  constructor(name: string, [file, ...parameters]: Command, options: ChildOptions) {
    this.name = name;
    this.#options = options;
    this.#process = spawn(file, parameters, {
      env: childEnv(options.variables),
      stdio: ["ignore", options.output ? "pipe" : "ignore", "pipe"],
      detached: true,
    });
    this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => (this.#printed += text));
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-keptComplaints);
    });
    this.ended = once(this.#process, "close")
      .then(([code, signal]: (number | string | null)[]) => {
        this.#end = signal === null ? `exit code ${code}` : String(signal);
        return code === 0;
      })
      .finally(() => (this.#hasEnded = true));
    this.ended.catch(() => undefined); // whoever waits for it hears of it
  }

  get pid(): number {
    return this.#process.pid ?? Number.NaN;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves to all that it printed, once it has ended. Throws its complaints when it failed. */
  async output(): Promise<string> {
    if ((await this.ended) || this.#options.anyExitCode) return this.#printed;
    throw this.failure();
  }

  /** Resolves to the first line that it prints. Throws its complaints when it ends before. */
  async firstLine(): Promise<string> {
    for (;;) {
      const end = this.#printed.indexOf("\n");
      if (end >= 0) return this.#printed.slice(0, end);
      const hasEnded = await Promise.race([this.ended.then(() => true), this.#moreOutput()]);
      if (hasEnded && !this.#printed.includes("\n")) throw this.failure();
    }
  }

  failure(): Error {
    return new Error(`${this.name} ended by itself (${this.#end}). ${this.#complaints.trim()}`.trim());
  }

  /** Asks it to end, and kills it when it doesn't. */
  async stop(): Promise<void> {
    this.send("SIGTERM");
    const timer = setTimeout(() => this.send("SIGKILL"), patienceMs);
    await this.ended.catch(() => undefined);
    clearTimeout(timer);
  }

  /** To it and all that it started. */
  send(signal: NodeJS.Signals): void {
    try {
      if (this.#process.pid !== undefined) process.kill(-this.#process.pid, signal);
    } catch {
      // It has ended in the meantime.
    }
  }

  async #moreOutput(): Promise<boolean> {
    if (this.#process.stdout) await once(this.#process.stdout, "data");
    return false;
  }
}
