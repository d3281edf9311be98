import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";

export type CommandLine = readonly [name: string, ...parameters: string[]];

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** For what cleans up: it runs on Ctrl-C too. */
  readonly always?: boolean;
}

const TIMEOUT_MS = 60_000;
const TAIL_LINES = 40;

const interruption = new AbortController();
/** Aborted on Ctrl-C: what is under way rejects, and what was started is ended on the way out. */
export const interrupted = interruption.signal;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));

/**
 * Runs a command to its end; with it, the processes that it started end too.
 * @returns what it printed, stdout and stderr.
 * @throws {Error} with the last lines of it, on another exit code than 0, after the timeout, or on Ctrl-C.
 */
export async function run(command: CommandLine, options: CommandOptions = {}): Promise<string> {
  const { timeoutMs = TIMEOUT_MS, always = false, ...rest } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const limit = always ? timeout : AbortSignal.any([interrupted, timeout]);
  limit.throwIfAborted();
  const child = start(command, rest);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  const end = () => signalGroup(child, "SIGKILL");
  limit.addEventListener("abort", end);
  const [code] = (await once(child, "close")) as [number | null];
  limit.removeEventListener("abort", end);
  if (code === 0) return output;
  if (!always) interrupted.throwIfAborted();
  const how = timeout.aborted ? `took longer than ${timeoutMs / 1000} s` : `ended with ${code ?? "a signal"}`;
  throw new Error(`${command.join(" ")} ${how}\n${tail(output)}`);
}

/** A program that runs until it is disposed of; its output goes to a file. */
export class Background implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #log: string;

  constructor(command: CommandLine, log: string, options: Pick<CommandOptions, "cwd" | "env"> = {}) {
    this.#log = log;
    this.#child = start(command, options);
    const file = createWriteStream(log);
    this.#child.once("error", (error) => file.write(error.message));
    this.#child.stdout?.pipe(file);
    this.#child.stderr?.pipe(file);
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The last lines of its output. */
  get tail(): string {
    return `${this.#log}:\n${tail(readFileSync(this.#log, "utf8"))}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.ended) return;
    const closed = once(this.#child, "close");
    this.#child.kill("SIGTERM");
    const impatience = setTimeout(() => signalGroup(this.#child, "SIGKILL"), 20_000);
    await closed;
    clearTimeout(impatience);
  }
}

/** In a process group of its own, so that Ctrl-C doesn't reach it before us. */
function start([name, ...parameters]: CommandLine, { cwd, env }: CommandOptions): ChildProcess {
  return spawn(name, parameters, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function tail(text: string): string {
  return text.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
}
