import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, root } from "../process.ts";
import { Background, run } from "./command.ts";
import { removeImages } from "./engine.ts";
import type { ContainerNetwork } from "./network.ts";
import { until } from "./poll.ts";

/** simulator.py replaces private functions of this very version. */
const requirements = ["ministack==1.5.33", "docker==7.2.0", "cryptography==50.0.2"];
const region = "us-east-1";

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

interface Query extends Readonly<Record<string, string>> {
  readonly Action: string;
  readonly Version: string;
}

/** AWS on this machine, empty at the start: the services' protocols, and real containers for ECS. */
export class Simulator implements AsyncDisposable {
  readonly #process: Background;
  readonly url: string;
  readonly port: number;

  private constructor(program: Background, port: number) {
    this.#process = program;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(network: ContainerNetwork): Promise<Simulator> {
    const python = await virtualEnvironment();
    const folder = join(root, ".tagsmith/aws/state"); // below node_modules, where simulated Lambdas find the AWS SDK
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}"); // their modules are of CommonJS, unlike the project's
    const port = await freePort();
    const env = {
      ...credentials,
      TMPDIR: folder,
      MINISTACK_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      SFTP_ENABLED: "0",
      IOT_MTLS_ENABLED: "0",
      DOCKER_NETWORK: network.name,
      DOCKER_GATEWAY: network.gateway,
    };
    const script = fileURLToPath(new URL("simulator.py", import.meta.url));
    const program = new Background([python, script], join(root, ".tagsmith/aws/simulator.log"), { env });
    const simulator = new Simulator(program, port);
    try {
      await until("the simulator answers", async () => program.ended || (await simulator.#isUp()), {
        timeoutMs: 60_000,
      });
      if (program.ended) throw new Error("It ended.");
      return simulator;
    } catch (cause) {
      await simulator[Symbol.asyncDispose]();
      throw new Error(`The simulator doesn't start. ${program.tail}`, { cause });
    }
  }

  /** What makes the AWS tools and SDKs talk to the simulator. An address as endpoint makes them address buckets by path. */
  get environment(): Record<string, string> {
    return { ...credentials, AWS_ENDPOINT_URL: this.url, AWS_REGION: region, AWS_DEFAULT_REGION: region };
  }

  /** The last lines that the tasks wrote, as CloudWatch keeps them, without the requests that were answered well. */
  async tasksLog(): Promise<string> {
    const { logGroups } = await this.json<{ logGroups: { logGroupName: string }[] }>("Logs_20140328.DescribeLogGroups");
    const reading = logGroups.map(async (group) =>
      this.json<{ events: LogEvent[] }>("Logs_20140328.FilterLogEvents", group),
    );
    const events = (await Promise.all(reading)).flatMap((group) => group.events);
    const telling = events.filter(({ message }) => !/"status":[23]\d\d/.test(message));
    const last = telling.sort((a, b) => a.timestamp - b.timestamp).slice(-40);
    return ["tasks:", ...last.map(({ message }) => message)].join("\n");
  }

  /** The last lines of its own log. */
  get log(): string {
    return this.#process.tail;
  }

  /** Calls an operation of a service that speaks JSON, e.g. `AmazonEC2ContainerServiceV20141113.ListTasks`. */
  async json<T>(operation: string, input: object = {}): Promise<T> {
    const headers = { "x-amz-target": operation, "content-type": "application/x-amz-json-1.1" };
    return JSON.parse(await this.#ask(operation, { method: "POST", headers, body: JSON.stringify(input) })) as T;
  }

  /** Calls an operation of a service that answers XML. @returns the texts of all elements of that name. */
  async query(operation: Query, element: string): Promise<string[]> {
    const body = new URLSearchParams(operation);
    return texts(await this.#ask(operation.Action, { method: "POST", body }), element);
  }

  async buckets(): Promise<string[]> {
    const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/s3/aws4_request`;
    return texts(await this.#ask("ListBuckets", { headers: { authorization } }), "Name");
  }

  async #ask(operation: string, request: RequestInit): Promise<string> {
    const answer = await fetch(this.url, { ...request, signal: AbortSignal.timeout(30_000) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`);
    return text;
  }

  async #isUp(): Promise<true | undefined> {
    return (await fetch(`${this.url}/_ministack/health`)).ok || undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await removeImages(`127.0.0.1:${this.port}/*`);
  }
}

export const credentials = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_EC2_METADATA_DISABLED: "true",
};

export async function virtualEnvironment(): Promise<string> {
  const folder = join(root, ".tagsmith/aws/venv");
  const python = join(folder, "bin/python");
  if (!existsSync(python)) await run(["python3", "-m", "venv", folder]);
  await run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...requirements], {
    timeoutMs: 300_000,
  });
  return python;
}

function texts(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(([, text = ""]) => text);
}
