import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { withStore } from "../test/with-service.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

describe("the process", () => {
  it("stops before it listens when its settings are wrong, and names all of them", async () => {
    const child = start({ PORT: "many" });
    const [complaint, exit] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect(complaint).toMatch(/^PORT: .*\nMODEL_BUCKET: .*\n$/);
    expect(exit).toEqual([1, null]);
  });

  it("loses no request under SIGTERM: it says that it leaves, finishes what came, and exits with 0", () =>
    withProcess(async ({ child, url }) => {
      const exit = once(child, "exit");
      const clients = Array.from({ length: 50 }, () => askUntilTold(url));
      await eventually(() => clients.every(({ answered }) => answered.length > 3)).toBe(true);
      child.kill("SIGTERM");
      await eventually(() => fetch(`${url}/readyz`).then((answer) => answer.status)).toBe(503);
      const outcomes = await Promise.all(clients.map(({ end }) => end));
      expect(outcomes).toEqual(outcomes.map(() => "told to leave"));
      expect(clients.flatMap(({ answered }) => answered).filter((status) => status !== 200)).toEqual([]);
      expect(await exit).toEqual([0, null]);
    }));

  it("waits for a client that sends nothing no longer than the limit, and exits with 0", () =>
    withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        const hanging = connect(Number(new URL(url).port), "127.0.0.1").on("error", () => undefined);
        const head = "POST /api/v1/predict HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n";
        hanging.write(head);
        await once(hanging, "data"); // its body is being waited for
        child.kill("SIGTERM");
        expect(await exit).toEqual([0, null]);
        hanging.destroy();
      },
      { DRAIN_MS: "1", DRAIN_LIMIT_MS: "300" },
    ));

  it("exits at once on a second signal", () =>
    withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        child.kill("SIGTERM");
        await eventually(() => fetch(`${url}/readyz`).then((answer) => answer.status)).toBe(503);
        child.kill("SIGTERM");
        expect(await exit).toEqual([1, null]);
      },
      { DRAIN_MS: "60000" },
    ));

  it("ends in order though nobody reads its log any more", () =>
    withProcess(async ({ child }) => {
      const exit = once(child, "exit");
      child.stdout?.destroy();
      child.kill("SIGTERM");
      expect(await exit).toEqual([0, null]);
    }));

  it("writes nothing into the home folder: onnxruntime's telemetry is off", async () => {
    const home = await mkdtemp(join(tmpdir(), "tagsmith-home-"));
    await withProcess(async () => expect(await readdir(home)).toEqual([]), { HOME: home });
    await rm(home, { recursive: true });
  });
});

describe("two processes", () => {
  it("answer at one address; one that is killed takes its own connections along, and is replaced", () =>
    withProcess(async ({ child, url }) => {
      const bothStarted = () => readMetric(url, "tagsmith_processes_listening");
      await eventually(bothStarted).toBe(2);
      await eventually(() => readMetric(url, "tagsmith_model_ready")).toBe(1);
      const clients = Array.from({ length: 8 }, () => askUntilTold(url));
      const ends = Promise.allSettled(clients.map(({ end }) => end));
      await eventually(() => clients.every(({ answered }) => answered.length > 3)).toBe(true);
      const [victim] = await childrenOf(child);
      process.kill(victim ?? 0, "SIGKILL");
      await eventually(() => readMetric(url, "tagsmith_process_restarts_total")).toBe(1);
      await eventually(bothStarted).toBe(2);
      expect(await childrenOf(child)).not.toContain(victim);
      child.kill("SIGTERM");
      const outcomes = (await ends).map((end) => (end.status === "fulfilled" ? end.value : codeOf(end.reason)));
      expect(new Set(outcomes)).toEqual(new Set(["told to leave", "ECONNRESET"]));
      expect(clients.flatMap(({ answered }) => answered).filter((status) => status !== 200)).toEqual([]);
    }, two));

  it("lose no request under SIGTERM, and exit with 0", () =>
    withProcess(async ({ child, url }) => {
      const exit = once(child, "exit");
      await eventually(() => readMetric(url, "tagsmith_model_ready")).toBe(1);
      const clients = Array.from({ length: 8 }, () => askUntilTold(url));
      await eventually(() => clients.every(({ answered }) => answered.length > 3)).toBe(true);
      child.kill("SIGTERM");
      const outcomes = await Promise.all(clients.map(({ end }) => end));
      expect(outcomes).toEqual(outcomes.map(() => "told to leave"));
      expect(clients.flatMap(({ answered }) => answered).filter((status) => status !== 200)).toEqual([]);
      expect(await exit).toEqual([0, null]);
    }, two));

  it("end in order, though nobody tells them to, when their supervisor is killed", () =>
    withProcess(async ({ child, url }) => {
      await eventually(() => readMetric(url, "tagsmith_model_ready")).toBe(1);
      const children = await childrenOf(child);
      const client = askUntilTold(url);
      await eventually(() => client.answered.length).toBeGreaterThan(3);
      child.kill("SIGKILL");
      expect(await client.end).toBe("told to leave");
      await eventually(() => children.filter(isRunning)).toEqual([]);
    }, two));

  it("end at once on a second signal", () =>
    withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        const children = await childrenOf(child);
        child.kill("SIGTERM");
        await eventually(() => fetch(`${url}/readyz`).then((answer) => answer.status)).toBe(503);
        child.kill("SIGTERM");
        expect(await exit).toEqual([1, null]);
        await eventually(() => children.filter(isRunning)).toEqual([]);
      },
      { ...two, DRAIN_MS: "60000" },
    ));
});

const two = { WORKERS: "2" };

/** The value of the metric's first sample, whatever its labels. */
async function readMetric(url: string, name: string): Promise<number> {
  const metrics = await fetch(`${url}/metrics`).then((answer) => answer.text());
  return Number(new RegExp(`^${name}(?:{.*})? (.+)$`, "m").exec(metrics)?.[1]);
}

/** As Linux lists them. */
async function childrenOf({ pid }: ChildProcess): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children.trim().split(" ").map(Number);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

async function withProcess(
  test: (running: Running) => Promise<void>,
  variables: Record<string, string> = {},
): Promise<void> {
  await withStore(async (store) => {
    await store.promote(await tinyBundle());
    const child = start({ PORT: "0", MODEL_BUCKET: "models", AWS_ENDPOINT_URL: store.url, ...variables });
    try {
      const url = await address(child);
      await eventually(() => fetch(`${url}/readyz`).then(({ status }) => status)).toBe(200);
      await test({ child, url });
    } finally {
      child.kill("SIGKILL");
    }
  });
}

function start(variables: Record<string, string>) {
  const env = {
    PATH: process.env["PATH"],
    NODE_ENV: "test" as const,
    HOST: "127.0.0.1",
    DRAIN_MS: "500",
    ...variables,
  };
  return spawn(process.execPath, ["--import", "tsx", main], { env, stdio: ["ignore", "pipe", "pipe"] });
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

/** A client that asks over one kept connection, one question after another, until an answer closes it. */
function askUntilTold(url: string): { readonly answered: number[]; readonly end: Promise<string> } {
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
