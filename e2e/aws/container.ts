import { docker } from "./engine.ts";
import type { ContainerNetwork } from "./network.ts";
import { until } from "./poll.ts";

interface Options {
  /** Of the package, and under which other containers reach it. */
  readonly name: "inference" | "web";
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

/** What the smallest stage gives a task (stacks/stage.ts), and less rights than ECS can take away. */
const limits = ["--read-only", "--user", "1000", "--cpus", "0.25", "--memory", "512m", "--memory-swap", "512m"];
const rights = ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

/** A container of one of our images; its network's disposal removes it. */
export class Container {
  readonly name: string;
  readonly url: string;
  readonly #id: string;

  private constructor(id: string, { name, url }: { name: string; url: string }) {
    this.#id = id;
    this.name = name;
    this.url = url;
  }

  static async start(network: ContainerNetwork, { name, port, env }: Options): Promise<Container> {
    const variables = Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    const place = ["--network", network.name, "--network-alias", name, "--publish", `127.0.0.1::${port}`];
    const id = await docker(["run", "--detach", ...limits, ...rights, ...place, ...variables, `tagsmith-${name}`]);
    const address = await docker(["port", id, `${port}/tcp`]);
    return new Container(id, { name, url: `http://${address}` });
  }

  /** Resolves once the image's own health check says so. */
  async healthy(): Promise<undefined> {
    const check = async () => {
      const health = await this.#inspect("{{.State.Status}} {{.State.Health.Status}}");
      if (health === "running healthy") return true;
      throw new Error(`${this.name} is ${health}`);
    };
    await until(`${this.name} is healthy`, check, { timeoutMs: 120_000 });
  }

  /** Resolves once it has ended by itself, with exit code 0, after SIGTERM. */
  async stops(): Promise<undefined> {
    await docker(["stop", "--time", "40", this.#id]);
    const code = await this.#inspect("{{.State.ExitCode}}");
    if (code !== "0") throw new Error(`${this.name} ended with ${code}`);
  }

  /** The last lines of its log. */
  async log(): Promise<string> {
    return `${this.name}:\n${await docker(["logs", "--tail", "40", this.#id])}`;
  }

  async #inspect(format: string): Promise<string> {
    return docker(["inspect", "--format", format, this.#id]);
  }
}
