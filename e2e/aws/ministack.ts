import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Background } from "./command.ts";
import { until } from "./poll.ts";
import { virtualEnvironment } from "./python.ts";

/** simulator.py replaces private functions of this very version. */
const requirements = ["ministack==1.5.33", "docker==7.2.0", "cryptography==50.0.2"];
const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_EC2_METADATA_DISABLED: "true" };
export const region = "us-east-1";

interface Options {
  readonly port: number;
  /** Settings of MiniStack beside those that each simulator has. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Starts MiniStack with our additions, empty, and waits until it answers; its log and state stay in a folder, which must be
 * below the project's node_modules: there simulated Lambdas find the AWS SDK.
 * @throws {Error} with the end of its log; nothing is left running then
 */
export async function startMiniStack(folder: string, { port, settings }: Options): Promise<Background> {
  const python = await virtualEnvironment("aws", requirements);
  const state = join(folder, "state");
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, "package.json"), "{}"); // the Lambdas' modules are of CommonJS, unlike the project's
  const env = {
    ...credentials,
    TMPDIR: state,
    MINISTACK_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    SFTP_ENABLED: "0",
    IOT_MTLS_ENABLED: "0",
    ...settings,
  };
  const script = fileURLToPath(new URL("simulator.py", import.meta.url));
  const program = new Background([python, script], join(folder, "simulator.log"), { env });
  const isUp = async () => (await fetch(`${addressOf(port)}/_ministack/health`)).ok || undefined;
  try {
    await until("the simulator answers", async () => program.ended || (await isUp()), { timeoutMs: 60_000 });
    if (program.ended) throw new Error("It ended.");
    return program;
  } catch (cause) {
    await program[Symbol.asyncDispose]();
    throw new Error(`The simulator doesn't start. ${program.tail}`, { cause });
  }
}

/** An address as endpoint makes the AWS tools and SDKs address buckets by path. */
export function addressOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** What makes the AWS tools and SDKs talk to the simulator at that port. */
export function awsEnvironment(port: number): Record<string, string> {
  return { ...credentials, AWS_ENDPOINT_URL: addressOf(port), AWS_REGION: region, AWS_DEFAULT_REGION: region };
}
