import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { interrupted } from "../aws/command.ts";
import { until } from "../aws/poll.ts";
import { type Accounts, Load, sum } from "./load.ts";
import { goldenQuestions, livez } from "./models.ts";
import type { Row } from "./row.ts";
import { send } from "./send.ts";
import { Service } from "./service.ts";
import { Site } from "./site.ts";

const runs = 50;

const manyAtOnce: Row = {
  fault: "50 clients ask a heavy model at once, without a pause",
  async run(lab) {
    const { heavy } = lab.models;
    await using site = await Site.open(lab, heavy);
    await using service = await Service.ready(site, { variables: { MODEL_WORKERS: "1", QUEUE_MS: "30000" } });
    const urls = () => [service.url];
    await using load = new Load({ urls, asked: goldenQuestions(heavy.manifest), clients: 50, pauseMs: 0 });
    await load.more(10);
    await using probes = new Load({ urls, asked: [livez], clients: 1, pauseMs: 0 });
    await load.more(runs);
    const alive = await probes.stop();
    // A thread that runs the model answers one probe between two runs.
    assert.ok(
      alive.answered > 3 * runs,
      `only ${alive.answered} probes were answered during ${runs} runs of the model`,
    );
    const seen = `${alive.answered} times /livez during ${runs} runs of the model, p99 ${probes.p99Ms().toFixed(0)} ms`;
    return { ...sum(await load.stop(), alive), seen };
  },
};

const overload: Row = {
  fault: "Ten times as many clients as may run and wait",
  async run(lab) {
    const { heavy } = lab.models;
    await using site = await Site.open(lab, heavy);
    await using service = await Service.ready(site, { variables: { QUEUE_REQUESTS: "32" } });
    const asked = goldenQuestions(heavy.manifest, [429]);
    await using load = new Load({ urls: () => [service.url], asked, clients: 360, pauseMs: 200 });
    const peaks: number[] = [];
    for (let second = 0; second < 8; second++) {
      await wait(1_000, undefined, { signal: interrupted });
      peaks.push(service.memory("VmRSS"));
    }
    const accounts = await load.stop();
    const startMs = performance.now();
    const [question = livez] = goldenQuestions(heavy.manifest);
    const answers = async () => {
      const { answer } = await send(service.url, question);
      return (typeof answer === "object" && question.judge(answer) === "answered") || undefined;
    };
    await until("the service answers again", answers, { timeoutMs: 5_000, everyMs: 20 });
    const [early, late] = [Math.max(...peaks.slice(0, 4)), Math.max(...peaks.slice(4))];
    assert.ok(accounts.refused > accounts.answered, "the overload was none");
    assert.ok(late < 1.3 * early, `memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MiB`);
    const seen = `only 200 and 429; memory ${early.toFixed(0)} MiB, then ${late.toFixed(0)} MiB`;
    return { ...accounts, backMs: performance.now() - startMs, seen };
  },
};

const idleCount = 5_000;

const idle: Row = {
  fault: `${idleCount.toLocaleString("en")} connections stay open and ask nothing`,
  async run(lab) {
    const { shipped } = lab.models;
    await using site = await Site.open(lab, shipped);
    await using service = await Service.ready(site);
    const before = service.memory("VmRSS");
    const sockets: Socket[] = [];
    try {
      while (sockets.length < idleCount) {
        const opened = Array.from({ length: 250 }, () => connect(Number(new URL(service.url).port), "127.0.0.1"));
        sockets.push(...opened);
        await Promise.all(opened.map((socket) => isAlive(socket, "/livez")));
      }
      const grown = service.memory("VmRSS") - before;
      await using load = new Load({ urls: () => [service.url], asked: goldenQuestions(shipped.manifest) });
      await load.more(300);
      const accounts = await load.stop();
      for (let start = 0; start < idleCount; start += 250)
        await Promise.all(sockets.slice(start, start + 250).map((socket) => isAlive(socket, "/livez")));
      const own: Accounts = { tried: 2 * idleCount, answered: 2 * idleCount, refused: 0, failed: 0, lost: 0 };
      const kilobytes = (grown * 1024) / idleCount;
      return { ...sum(accounts, own), seen: `${kilobytes.toFixed(0)} kB each; all of them were answered afterwards` };
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  },
};

/** Asks on a connection that stays open. Throws where it doesn't get an answer. */
export async function isAlive(socket: Socket, path: string): Promise<void> {
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  const [answer] = (await once(socket, "data", { signal: AbortSignal.timeout(10_000) })) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 200 /);
}

export const answeringRows = [manyAtOnce, overload, idle];
