import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import type { Child, Command } from "./children.ts";
import { answers, freePort } from "./probe.ts";
import { program, serviceProgram, webProgram } from "./programs.ts";
import { shippedBundle } from "./store.ts";

type Starting = Pick<Bench, "children" | "folder" | "store">;

/** Something that answers questions at an address of this machine. */
export interface System {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** From the process's start to its first answer. */
  readonly readyMs: number;
  /** Stands still, and takes no time of the machine's, until it goes on. */
  readonly pause: () => void;
  readonly goOn: () => void;
  readonly stop: () => Promise<void>;
}

interface ServiceOptions {
  readonly bucket: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Called with the address before the service answers there. */
  readonly onStart?: (url: string) => void;
  /** The command to run it with, such as one that limits it. */
  readonly around?: (command: Command) => Command;
}

/** The built service as it comes, with a folder of its own for models. */
export async function startService(bench: Starting, options: ServiceOptions): Promise<System> {
  const { bucket, variables, onStart, around = asItIs } = options;
  const models = await mkdtemp(join(bench.folder, "models-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  onStart?.(url);
  const system = await start(bench, {
    name: "Tagsmith",
    command: around(serviceProgram),
    url,
    readyPath: "/readyz",
    withinMs: 60_000,
    variables: {
      HOST: "127.0.0.1",
      PORT: String(port),
      MODEL_FOLDER: models,
      DRAIN_MS: "0",
      ...bench.store.variables(bucket),
      ...variables,
    },
  });
  const stop = async () => {
    await system.stop();
    await rm(models, { recursive: true, force: true });
  };
  return { ...system, stop };
}

interface WebOptions {
  readonly inferenceUrl: string;
  readonly around?: (command: Command) => Command;
}

/** The built UI, which asks the service at `inferenceUrl`. */
export async function startWeb(bench: Starting, { inferenceUrl, around = asItIs }: WebOptions): Promise<System> {
  const port = await freePort();
  const variables = { HOST: "127.0.0.1", PORT: String(port), INFERENCE_URL: inferenceUrl };
  return start(bench, { ...local("the UI", port), command: around(webProgram), readyPath: "/healthz", variables });
}

const asItIs = (command: Command) => command;

/** `node:http`, zod and a tRPC caller, echoing. */
export async function startLimit(bench: Starting): Promise<System> {
  const port = await freePort();
  return start(bench, { ...local("the limit", port), command: program("limit", String(port)), readyBody: anyQuestion });
}

/** What stands for an OpenTelemetry collector. */
export async function startCollector(bench: Bench): Promise<System> {
  const port = await freePort();
  return start(bench, { ...local("the collector", port), command: program("collector", String(port)) });
}

/** tRPC's standalone adapter over the service's router. */
export async function startAdapter(bench: Starting): Promise<System> {
  const port = await freePort();
  const command = program("adapter", String(port), shippedBundle);
  return start(bench, { ...local("tRPC's adapter", port), command, readyPath: "/api/trpc/health" });
}

/** One of the Python services; its first start ever makes a virtual environment and trains. */
export async function startPeer(bench: Starting, peers: string, kind: "lean" | "litserve"): Promise<System> {
  const port = await freePort();
  const command: Command = [join(peers, "start"), kind, String(port)];
  const name = kind === "lean" ? "lean Python" : "LitServe";
  return start(bench, {
    ...local(name, port),
    command,
    readyPath: "/predict",
    readyBody: anyQuestion,
    withinMs: 900_000,
  });
}

const anyQuestion = JSON.stringify({ title: "How do I sort a list?", body: "<p>In Python.</p>" });

const local = (name: string, port: number) => ({ name, url: `http://127.0.0.1:${port}` });

interface Start {
  readonly name: string;
  readonly command: Command;
  readonly url: string;
  /** What answers 200 once it is ready; asked by POST where there is a body. */
  readonly readyPath?: string;
  readonly readyBody?: string;
  readonly withinMs?: number;
  readonly variables?: Readonly<Record<string, string>>;
}

async function start(bench: Starting, options: Start): Promise<System> {
  const { name, command, url, readyPath = "/", readyBody, withinMs = 30_000, variables = {} } = options;
  const startMs = performance.now();
  const child: Child = bench.children.start(name, command, { variables });
  const wait = { url: url + readyPath, withinMs, ...(readyBody !== undefined && { json: readyBody }) };
  await answers(child, wait);
  return {
    name,
    url,
    pid: child.pid,
    readyMs: performance.now() - startMs,
    pause: () => child.send("SIGSTOP"),
    goOn: () => child.send("SIGCONT"),
    stop: () => child.stop(),
  };
}
