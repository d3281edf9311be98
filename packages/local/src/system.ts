import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "@tagsmith/model-bundle/errors";
import { readEnv } from "./env.ts";
import { claimPorts } from "./ports.ts";
import { Processes, type Program } from "./processes.ts";
import { embeddedStore, ownStore } from "./store.ts";

/** The folder of all packages, seen from src/ and from dist/. */
export const packages = fileURLToPath(new URL("../../", import.meta.url));

type Programs = Readonly<Record<"inference" | "web", Program>>;

/** The object store, the inference service and the UI on this machine, until Ctrl-C; then this process ends, too. */
export async function runSystem(programs: Programs): Promise<never> {
  const env = readEnv();
  const ports = await claimPorts({
    PORT: env.PORT,
    INFERENCE_PORT: env.INFERENCE_PORT,
    S3_PORT: env.MODEL_BUCKET === undefined ? env.S3_PORT : 0,
  });
  const bundle = join(packages, "training/bundle");
  const store =
    env.MODEL_BUCKET === undefined ? await embeddedStore(env, { port: ports.S3_PORT, bundle }) : ownStore(env);
  say("store", store.description);

  const processes = new Processes();
  const inferenceUrl = `http://127.0.0.1:${ports.INFERENCE_PORT}`;
  const webUrl = `http://127.0.0.1:${ports.PORT}`;
  processes.start("inference", programs.inference, {
    ...store.variables,
    PORT: String(ports.INFERENCE_PORT),
    HOST: "127.0.0.1",
    LOG_LEVEL: env.LOG_LEVEL,
    DRAIN_MS: "0", // no balancer has to notice
  });
  processes.start("web", programs.web, {
    ...store.variables,
    PORT: String(ports.PORT),
    HOST: "127.0.0.1",
    INFERENCE_URL: inferenceUrl,
    PUBLIC_API_URL: inferenceUrl,
    LOG_LEVEL: env.LOG_LEVEL,
  });
  await Promise.all([
    processes.answers(`${inferenceUrl}/readyz`).then(() => say("inference", inferenceUrl)),
    processes.answers(`${webUrl}/healthz`).then(() => say("web", `${webUrl}   <- open this`)),
  ]).catch(() => undefined); // a process that ends says so itself
  const code = await processes.ended;
  await store.close();
  process.exit(code);
}

/** Ends a program that can't start. Prints the reason without a stack trace: a setting is wrong, not the code. */
export function exitWith(error: unknown): never {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}

function say(what: string, where: string): void {
  process.stdout.write(`${what.padEnd(10)} ${where}\n`);
}
