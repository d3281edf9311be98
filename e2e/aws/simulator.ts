import { join } from "node:path";
import { freePort, root } from "../process.ts";
import type { Background } from "./command.ts";
import { removeImages } from "./engine.ts";
import { addressOf, awsEnvironment, region, startMiniStack } from "./ministack.ts";
import type { ContainerNetwork } from "./network.ts";

/** What tells the simulator which service is asked. */
const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/s3/aws4_request`;

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
    this.url = addressOf(port);
  }

  static async start(network: ContainerNetwork): Promise<Simulator> {
    const port = freePort();
    const settings = { DOCKER_NETWORK: network.name, DOCKER_GATEWAY: network.gateway };
    return new Simulator(await startMiniStack(join(root, ".tagsmith/aws"), { port, settings }), port);
  }

  get environment(): Record<string, string> {
    return awsEnvironment(this.port);
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
    return texts(await this.#ask("ListBuckets", { headers: { authorization } }), "Name");
  }

  /** Writes a text into S3; the path is the bucket's name and the key. */
  async put(path: string, body: string): Promise<void> {
    await this.#ask(`/${path}`, { method: "PUT", headers: { authorization }, body });
  }

  async #ask(operation: string, request: RequestInit): Promise<string> {
    const url = operation.startsWith("/") ? `${this.url}${operation}` : this.url;
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(30_000) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`);
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await removeImages(`127.0.0.1:${this.port}/*`);
  }
}

function texts(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(([, text = ""]) => text);
}
