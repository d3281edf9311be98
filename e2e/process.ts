import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../", import.meta.url));

/** A program of the project, run as a user would from the project's folder; `using` ends it with its test. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  /** Emits "change" when something was printed and when the program has ended. */
  readonly #progress = new EventEmitter();
  #output = "";
  #hasEnded = false;

  constructor(command: readonly [string, ...string[]], variables: Readonly<Record<string, string>> = {}, cwd = root) {
    const [name, ...parameters] = command;
    this.#child = spawn(name, parameters, { cwd, env: { ...process.env, ...variables } });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
        this.#progress.emit("change");
      });
    }
    this.#child.once("close", () => {
      this.#hasEnded = true;
      this.#progress.emit("change");
    });
  }

  /** Everything printed so far, stdout and stderr in the order of their coming. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /** Resolves to the first group of the pattern once the output matches it; rejects when the program ends before. */
  async prints(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#output);
      if (found) return found[1] ?? found[0];
      if (this.#hasEnded) throw new Error(`ended before it printed ${pattern.source}:\n${this.#output}`);
      await once(this.#progress, "change");
    }
  }

  /** Resolves to the address that a server of ours logs once it listens. */
  address(): Promise<string> {
    return this.prints(/"url":"([^"]+)"/);
  }

  /** Sends the signal as a terminal's Ctrl-C or an orchestrator would. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves to the exit code, or to null after a signal ended the program. */
  async exitCode(): Promise<number | null> {
    while (!this.#hasEnded) await once(this.#progress, "change");
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGTERM");
    await this.exitCode();
  }
}

/** The three ports of a whole system, by the variables that set them. */
export function systemPorts() {
  return { PORT: String(freePort()), INFERENCE_PORT: String(freePort()), S3_PORT: String(freePort()) };
}

/** `npm start` on free ports, without npm's own output; `dataDir` holds the embedded store. */
export function startSystem(dataDir: string, variables: Readonly<Record<string, string>> = {}): Program {
  return new Program([process.execPath, "packages/local/dist/main.js"], {
    ...systemPorts(),
    DATA_DIR: dataDir,
    ...variables,
  });
}

/** The UI alone, asking for predictions at `inferenceUrl`, whoever answers there. */
export function startWeb(inferenceUrl: string, variables: Readonly<Record<string, string>> = {}): Program {
  return new Program([process.execPath, "packages/web/build/main.js"], {
    PORT: "0",
    HOST: "127.0.0.1",
    INFERENCE_URL: inferenceUrl,
    ...variables,
  });
}

/** The inference service alone, with the model of another system's store. */
export function startInference(port: number, s3: string): Program {
  return new Program([process.execPath, "packages/inference/dist/main.js"], {
    PORT: String(port),
    HOST: "127.0.0.1",
    MODEL_BUCKET: "tagsmith-models",
    AWS_ENDPOINT_URL: s3,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "embedded",
    AWS_SECRET_ACCESS_KEY: "embedded",
    LOG_LEVEL: "info",
    DRAIN_MS: "0",
  });
}

let portsGiven = 0;

/**
 * A port that nobody listens on, and that stays free while nobody does: it's below those that the system gives to whoever
 * asks for any, and each of Playwright's workers has a thousand of its own.
 */
export function freePort(): number {
  const worker = Number(process.env.TEST_WORKER_INDEX ?? 0);
  return 20_000 + (worker % 12) * 1000 + (portsGiven++ % 1000);
}
