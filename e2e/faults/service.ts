import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../aws/poll.ts";
import { freePort, Program } from "../process.ts";
import { send } from "./send.ts";
import type { Site, Variables } from "./site.ts";

/** A limit for what should take seconds, on a machine that is busy with something else. */
const patience = { timeoutMs: 60_000, everyMs: 50 } as const;

interface Start {
  readonly variables?: Variables;
  /** Chosen where it is to be started again at the same address. */
  readonly port?: number;
  /** What Node is given beside the program. */
  readonly options?: readonly string[];
  /** A line of shell before it. */
  readonly before?: string;
}

interface Readiness {
  readonly status: string;
  readonly model?: { readonly version: string };
  readonly update?: { readonly status: string; readonly code?: string };
  readonly code?: string;
}

/** The built service as a process of its own. */
export class Service implements AsyncDisposable {
  readonly url: string;
  readonly program: Program;

  private constructor(url: string, program: Program) {
    this.url = url;
    this.program = program;
  }

  /** Resolves as soon as it listens. */
  static async listening(site: Site, start: Start = {}): Promise<Service> {
    const { variables, options = [], before = ":" } = start;
    const port = start.port ?? freePort();
    const command = [process.execPath, ...options, "packages/inference/dist/main.js"];
    const program = new Program(["bash", "-c", `${before}; exec "$@"`, "bash", ...command], {
      HOST: "127.0.0.1",
      PORT: String(port),
      WATCH_MS: "250",
      LOG_LEVEL: "error",
      DRAIN_MS: "0",
      MODEL_WORKERS: "2",
      ...site.variables,
      ...variables,
    });
    const service = new Service(`http://127.0.0.1:${port}`, program);
    const listens = async () => (await service.#get("/livez"))?.status === 200 || undefined;
    return service.#after(() => until("the service listens", listens, patience));
  }

  static async ready(site: Site, start: Start = {}): Promise<Service> {
    const service = await Service.listening(site, start);
    return service.#after(() => service.becomes(({ status }) => status === "ready"));
  }

  get pid(): number {
    return this.program.pid;
  }

  /** @returns after how many milliseconds `/readyz` said so. */
  async becomes(state: (readiness: Readiness) => boolean): Promise<number> {
    const startMs = performance.now();
    let last = "";
    const ask = async () => {
      const answer = await this.#get("/readyz");
      last = answer?.text ?? "";
      return (last !== "" && state(JSON.parse(last) as Readiness)) || undefined;
    };
    await until(`/readyz of ${this.url} says what is expected`, ask, patience).catch((cause: unknown) => {
      throw new Error(`/readyz says ${last}; the service: ${this.program.output.slice(-2_000)}`, { cause });
    });
    return performance.now() - startMs;
  }

  serves(version: string): Promise<number> {
    return this.becomes(({ model }) => model?.version === version);
  }

  /** The sum of a metric's samples, whatever their labels. */
  async metric(name: string): Promise<number> {
    const samples = (await this.#get("/metrics"))?.text.matchAll(new RegExp(`^${name}(?:{.*})? (.+)$`, "gm")) ?? [];
    return [...samples].reduce((total, [, value]) => total + Number(value), 0);
  }

  /** In MiB: now (`VmRSS`) or at most so far (`VmHWM`). */
  memory(field: "VmRSS" | "VmHWM"): number {
    const status = readFileSync(join("/proc", String(this.pid), "status"), "utf8");
    return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }

  /** The service, or nothing of it when this fails. */
  async #after(work: () => Promise<unknown>): Promise<this> {
    try {
      await work();
      return this;
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #get(path: string) {
    const { answer } = await send(this.url, { path });
    return typeof answer === "string" ? undefined : answer;
  }
}
