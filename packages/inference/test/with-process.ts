import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { spawn, type ChildProcess } from "node:child_process";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { eventually } from "./eventually.ts";
import { withStore, type StoreUnderTest } from "./with-service.ts";

const fromSource = ["--import", "tsx", fileURLToPath(new URL("../src/main.ts", import.meta.url))];

export interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly store: StoreUnderTest;
  /** Resolves when the service is ready. */
  readonly ready: () => Promise<void>;
}

interface Setting {
  readonly variables?: Record<string, string>;
  /** What the store calls current. */
  readonly bundle?: Promise<Bundle>;
  /** Run before the process starts. */
  readonly disturb?: (store: StoreUnderTest) => void;
  /** What Node is told to run; by default the sources. */
  readonly program?: readonly string[];
}

/** A test of the service as a process of its own, once it is ready. */
export async function withProcess(test: (running: Running) => Promise<void>, setting: Setting = {}): Promise<void> {
  await withStartedProcess(async (running) => {
    await running.ready();
    await test(running);
  }, setting);
}

/** The same as soon as it listens. */
export async function withStartedProcess(
  test: (running: Running) => Promise<void>,
  { variables, bundle = tinyBundle(), disturb, program }: Setting = {},
): Promise<void> {
  await withStore(async (store) => {
    await store.promote(await bundle);
    disturb?.(store);
    const settings = { PORT: "0", MODEL_BUCKET: "models", AWS_ENDPOINT_URL: store.url, ...variables };
    const child = start(settings, program);
    try {
      const url = await address(child);
      const ready = () => eventually(() => fetch(`${url}/readyz`).then(({ status }) => status)).toBe(200);
      await test({ child, url, store, ready });
    } finally {
      child.kill("SIGKILL");
    }
  });
}

export function start(variables: Record<string, string>, program: readonly string[] = fromSource) {
  const env = {
    PATH: process.env["PATH"],
    NODE_ENV: "test" as const,
    HOST: "127.0.0.1",
    DRAIN_MS: "500",
    ...variables,
  };
  return spawn(process.execPath, program, { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function address({ stdout }: ChildProcess): Promise<string> {
  let logged = "";
  for await (const chunk of stdout ?? []) {
    logged += String(chunk);
    const url = /"url":"([^"]+)"/.exec(logged)?.[1];
    if (!url) continue;
    stdout?.resume();
    return url;
  }
  throw new Error(`The process ended before it listened: ${logged}`);
}

/** The value of the metric's first sample, whatever its labels. */
export async function readMetric(url: string, name: string): Promise<number> {
  const metrics = await fetch(`${url}/metrics`).then((answer) => answer.text());
  return Number(new RegExp(`^${name}(?:{.*})? (.+)$`, "m").exec(metrics)?.[1]);
}

/** A client that asks over one kept connection, one question after another, until an answer closes it. */
export function askUntilTold(url: string): { readonly answered: number[]; readonly end: Promise<string> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answered: number[] = [];
  const ask = (): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      const outgoing = request(`${url}/api/v1/predict`, { method: "POST", agent }, (answer) => {
        answer.resume().once("end", () => {
          answered.push(answer.statusCode ?? 0);
          resolve(answer.headers.connection);
        });
      });
      outgoing.once("error", reject).end(JSON.stringify({ title: "python" }));
    });
  const untilTold = async () => {
    while ((await ask()) !== "close");
    agent.destroy();
    return "told to leave";
  };
  return { answered, end: untilTold() };
}
