import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { root } from "../process.ts";
import { type Background, run } from "./command.ts";
import { addressOf, awsEnvironment, startMiniStack } from "./ministack.ts";

const folder = join(root, ".tagsmith/dev");
const certificate = join(folder, "iot.crt");
const key = join(folder, "iot.key");

/** AWS on this machine as `sst dev` needs it: no containers, but IoT, and events of CloudFormation. */
export class DevelopmentSimulator implements AsyncDisposable {
  readonly #process: Background;
  readonly #gate: Server;
  readonly #port: number;

  private constructor(program: Background, gate: Server, port: number) {
    this.#process = program;
    this.#gate = gate;
    this.#port = port;
  }

  static async start(port: number): Promise<DevelopmentSimulator> {
    mkdirSync(folder, { recursive: true });
    const gate = await iotGate(port);
    const settings = {
      IOT_ENDPOINT: `localhost:${(gate.address() as AddressInfo).port}`,
      DOCKER_NETWORK: "none",
      DOCKER_GATEWAY: "127.0.0.1",
    };
    try {
      return new DevelopmentSimulator(await startMiniStack(folder, { port, settings }), gate, port);
    } catch (error) {
      gate.close();
      throw error;
    }
  }

  get environment(): Record<string, string> {
    return {
      ...awsEnvironment(this.#port),
      NODE_EXTRA_CA_CERTS: certificate,
      CI: "1",
      SST_TELEMETRY_DISABLED: "1",
      CDK_DISABLE_CLI_TELEMETRY: "1",
    };
  }

  get log(): string {
    return this.#process.tail;
  }

  /** Tells SST's bootstrap of every complete stack, as CloudFormation's events do in AWS: from there `sst bind` knows of it. */
  async tellOfStacks(): Promise<void> {
    const address = addressOf(this.#port);
    const body = new URLSearchParams({ Action: "DescribeStacks", Version: "2010-05-15" });
    const stacks = await (await fetch(address, { method: "POST", body })).text();
    const functions = (await (await fetch(`${address}/2015-03-31/functions`)).json()) as {
      Functions: { FunctionName: string }[];
    };
    const handler = functions.Functions.find(({ FunctionName }) =>
      FunctionName.includes("MetadataHandler"),
    )?.FunctionName;
    for (const [, id] of stacks.matchAll(/<StackId>([^<]*)<\/StackId>/g)) {
      const event = {
        source: "aws.cloudformation",
        "detail-type": "CloudFormation Stack Status Change",
        detail: { "stack-id": id, "status-details": { status: "CREATE_COMPLETE" } },
      };
      const url = `${address}/2015-03-31/functions/${handler ?? ""}/invocations`;
      const answer = await fetch(url, { method: "POST", body: JSON.stringify(event) });
      if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    this.#gate.close();
  }
}

/** Takes TLS for `localhost` and passes what comes on to the simulator, which has none. */
async function iotGate(port: number): Promise<Server> {
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "30"];
  await run([
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    key,
    "-out",
    certificate,
    ...subject,
  ]);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (socket) => {
    const target = connect(port, "127.0.0.1");
    socket.pipe(target).pipe(socket);
    socket.on("error", () => target.destroy());
    target.on("error", () => socket.destroy());
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  return server;
}
