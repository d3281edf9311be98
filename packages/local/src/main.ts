import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readBundle } from "@tagsmith/model-bundle/bundle";
import { seed } from "@tagsmith/model-bundle/release";
import { ModelStore } from "@tagsmith/model-bundle/store";
import { startS3Server } from "@tagsmith/s3-server/server";
import { type Env, readEnv } from "./env.ts";
import { claimPorts } from "./ports.ts";
import { Processes } from "./processes.ts";

const packages = fileURLToPath(new URL("../../", import.meta.url));
const shippedBundle = join(packages, "training/bundle");
const embeddedBucket = "tagsmith-models";

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

/** `npm start`: the object store, the inference service and the UI on this machine, until Ctrl-C. */
async function main(): Promise<void> {
  const env = readEnv();
  const ports = await claimPorts({
    PORT: env.PORT,
    INFERENCE_PORT: env.INFERENCE_PORT,
    S3_PORT: env.MODEL_BUCKET === undefined ? env.S3_PORT : 0,
  });
  const store = env.MODEL_BUCKET === undefined ? await embeddedStore(env, ports.S3_PORT) : ownStore(env);
  say("store", store.description);

  const processes = new Processes();
  const inferenceUrl = `http://127.0.0.1:${ports.INFERENCE_PORT}`;
  const webUrl = `http://127.0.0.1:${ports.PORT}`;
  processes.start("inference", {
    script: join(packages, "inference/dist/main.js"),
    variables: {
      ...store.variables,
      PORT: String(ports.INFERENCE_PORT),
      HOST: "127.0.0.1",
      LOG_LEVEL: env.LOG_LEVEL,
      DRAIN_MS: "0", // no balancer has to notice
    },
    stdout: "inherit",
  });
  processes.start("web", {
    script: join(packages, "web/build/main.js"),
    variables: {
      PORT: String(ports.PORT),
      HOST: "127.0.0.1",
      INFERENCE_URL: inferenceUrl,
      PUBLIC_API_URL: inferenceUrl,
    },
    stdout: "ignore", // it tells its address, as we do below
  });
  await Promise.all([
    processes.answers(`${inferenceUrl}/readyz`).then(() => say("inference", inferenceUrl)),
    processes.answers(`${webUrl}/healthz`).then(() => say("web", `${webUrl}   <- open this`)),
  ]).catch(() => undefined); // a process that ends says so itself
  const code = await processes.ended;
  await store.close();
  process.exit(code);
}

interface Store {
  readonly description: string;
  /** Environment that leads the inference service to the store. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Serves a folder as S3 and puts the shipped model there, by the code that puts it into AWS. */
async function embeddedStore(env: Env, port: number): Promise<Store> {
  const server = await startS3Server({ root: join(env.DATA_DIR, "s3"), port });
  const variables = {
    MODEL_BUCKET: embeddedBucket,
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "embedded", // any will do, but not the user's own
    AWS_SECRET_ACCESS_KEY: "embedded",
  };
  const models = new ModelStore({
    bucket: embeddedBucket,
    endpoint: server.url,
    credentials: { accessKeyId: variables.AWS_ACCESS_KEY_ID, secretAccessKey: variables.AWS_SECRET_ACCESS_KEY },
  });
  await models.createBucket();
  await seed(models, await readBundle(shippedBundle));
  models.close();
  return {
    description: `${server.url}   (bucket ${embeddedBucket}, in ${env.DATA_DIR}/s3)`,
    variables,
    close: () => server.close(),
  };
}

function ownStore(env: Env): Store {
  return {
    description: `${env.AWS_ENDPOINT_URL ?? "AWS"}   (bucket ${env.MODEL_BUCKET ?? ""})`,
    variables: {}, // the children inherit this process's environment
    close: () => Promise.resolve(),
  };
}

function say(what: string, where: string): void {
  process.stdout.write(`${what.padEnd(10)} ${where}\n`);
}
