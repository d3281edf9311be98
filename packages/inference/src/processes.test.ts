import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { askUntilTold, readMetric, start, withProcess } from "../test/with-process.ts";

describe("two processes", () => {
  it("answer at one address; one that is killed takes its own connections along, and is replaced", () =>
    withProcess(
      async ({ child, url }) => {
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
      },
      { variables: two },
    ));

  it("outlive one that is killed just as all are asked for their metrics", () =>
    withProcess(
      async ({ child, url }) => {
        await eventually(() => readMetric(url, "tagsmith_processes_listening")).toBe(2);
        const [asking, waiting] = [await connections(url), await connections(url)];
        const [victim = 0] = await childrenOf(child);
        for (const pid of [victim, child.pid ?? 0]) process.kill(pid, "SIGSTOP");
        for (const connection of asking) connection.write(get("/metrics"));
        await Promise.any(waiting.map(answered)); // by the other one, which has asked the supervisor by then
        process.kill(victim, "SIGKILL");
        await eventually(() => readFile(`/proc/${victim}/stat`, "utf8")).toMatch(/\) Z /);
        child.kill("SIGCONT");
        await eventually(() => readMetric(url, "tagsmith_process_restarts_total")).toBe(1);
        for (const connection of [...asking, ...waiting]) connection.destroy();
      },
      { variables: two },
    ));

  it("lose no request under SIGTERM, and exit with 0 once both have ended", () =>
    withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        const children = await childrenOf(child);
        await eventually(() => readMetric(url, "tagsmith_model_ready")).toBe(1);
        const clients = Array.from({ length: 8 }, () => askUntilTold(url));
        await eventually(() => clients.every(({ answered }) => answered.length > 3)).toBe(true);
        child.kill("SIGTERM");
        const outcomes = await Promise.all(clients.map(({ end }) => end));
        expect(outcomes).toEqual(outcomes.map(() => "told to leave"));
        expect(clients.flatMap(({ answered }) => answered).filter((status) => status !== 200)).toEqual([]);
        expect(await exit).toEqual([0, null]);
        expect(children.filter(isRunning)).toEqual([]);
      },
      { variables: two },
    ));

  it("end in order, though nobody tells them to, when their supervisor is killed", () =>
    withProcess(
      async ({ child, url }) => {
        await eventually(() => readMetric(url, "tagsmith_model_ready")).toBe(1);
        const children = await childrenOf(child);
        const client = askUntilTold(url);
        await eventually(() => client.answered.length).toBeGreaterThan(3);
        child.kill("SIGKILL");
        expect(await client.end).toBe("told to leave");
        await eventually(() => children.filter(isRunning)).toEqual([]);
      },
      { variables: two },
    ));

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
      { variables: { ...two, DRAIN_MS: "60000" } },
    ));

  it("exit with 1 when one of them was killed before it had finished", () =>
    withProcess(
      async ({ child, url }) => {
        const exit = once(child, "exit");
        const [victim] = await childrenOf(child);
        child.kill("SIGTERM");
        await eventually(() => fetch(`${url}/readyz`).then((answer) => answer.status)).toBe(503);
        process.kill(victim ?? 0, "SIGKILL");
        expect(await exit).toEqual([1, null]);
      },
      { variables: { ...two, DRAIN_MS: "3000" } },
    ));

  it("are replaced less and less often while they die soon after they listen", async () => {
    const settings = { PORT: "0", MODEL_BUCKET: "models", AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    const child = start({ ...settings, ...two });
    const waits: number[] = [];
    let listening = 0;
    child.stdout.on("data", (lines) => {
      for (const [, ms] of String(lines).matchAll(/"retry_in_ms":(\d+),"message":"process died"/g))
        waits.push(Number(ms));
      listening += String(lines).split('"listening"').length - 1;
      if (listening < 2) return;
      listening = 0;
      void childrenOf(child).then(kill);
    });
    const longest = () => Math.max(...waits);
    await eventually(longest).toBeGreaterThan(500); // the second waits of both are shorter
    child.kill("SIGTERM");
    await once(child, "exit");
  });

  it("exit with 1 when none of them can ever listen, instead of trying for ever", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const settings = { PORT: String(port), MODEL_BUCKET: "models", AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    const child = start({ ...settings, ...two });
    child.stdout.resume();
    expect(await once(child, "exit")).toEqual([1, null]);
    taken.close();
  });

  it("exit with 1 when none of them gets a folder for models, too", async () => {
    const settings = { PORT: "0", MODEL_BUCKET: "models", AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    const child = start({ ...settings, ...two, MODEL_FOLDER: "/dev/null" });
    const restarted = () => child.kill("SIGKILL");
    let said = "";
    child.stdout.on("data", (lines) => (said += String(lines)).includes("process died") && restarted());
    expect(await once(child, "exit")).toEqual([1, null]);
    expect(said).toContain("MODEL_FOLDER: ");
  });
});

const two = { WORKERS: "2" };

/** As Linux lists them. */
async function childrenOf({ pid }: ChildProcess): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children.trim().split(" ").map(Number);
}

const kill = (pids: readonly number[]) => pids.forEach((pid) => process.kill(pid, "SIGKILL"));

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** More than there are processes, so that each has some. */
async function connections(url: string): Promise<Socket[]> {
  const opened = Array.from({ length: 6 }, () => connect(Number(new URL(url).port), "127.0.0.1"));
  for (const connection of opened) connection.on("error", () => undefined);
  await Promise.all(opened.map(answered));
  return opened;
}

async function answered(connection: Socket): Promise<void> {
  connection.write(get("/livez"));
  await once(connection, "data");
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
