import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../aws/poll.ts";
import { freePort, root } from "../process.ts";
import { Load } from "./load.ts";
import { goldenQuestions } from "./models.ts";
import type { Row } from "./row.ts";
import { Balancer } from "./balancer.ts";
import { Service } from "./service.ts";
import { Site } from "./site.ts";

/** As the task definition and the balancer allow. */
const stopTimeoutMs = 60_000;

const deploy: Row = {
  fault: "SIGTERM to one of two services under load",
  async run(lab) {
    const { shipped } = lab.models;
    await using site = await Site.open(lab, shipped);
    const start = { variables: { DRAIN_MS: "1000" } };
    await using leaving = await Service.ready(site, start);
    await using staying = await Service.ready(site, start);
    using balancer = new Balancer([leaving.url, staying.url]);
    await using load = new Load({ urls: balancer.urls, asked: goldenQuestions(shipped.manifest), clients: 8 });
    await load.more(100);
    const startMs = performance.now();
    leaving.program.signal("SIGTERM");
    assert.equal(await leaving.program.exitCode(), 0);
    const seconds = (performance.now() - startMs) / 1_000;
    assert.ok(seconds * 1_000 < stopTimeoutMs);
    await load.more(100);
    return { ...(await load.stop()), seen: `exit 0 after ${seconds.toFixed(1)} s, nothing had to be sent twice` };
  },
};

const killed: Row = {
  fault: "kill -9 of one of two services under load, three times",
  async run(lab) {
    const { shipped } = lab.models;
    await using site = await Site.open(lab, shipped);
    const port = freePort();
    await using staying = await Service.ready(site);
    using balancer = new Balancer([`http://127.0.0.1:${port}`, staying.url]);
    const asked = goldenQuestions(shipped.manifest);
    await using load = new Load({ urls: balancer.urls, asked, clients: 16, pauseMs: 2, sendings: 5 });
    let backMs = 0;
    for (let time = 0; time < 3; time++) {
      await using victim = await Service.ready(site, { port });
      await until("the balancer sends there", async () => Promise.resolve(balancer.urls().length === 2 || undefined), { timeoutMs: 10_000, everyMs: 20 }); // prettier-ignore
      await load.more(100);
      victim.program.signal("SIGKILL");
      const startMs = performance.now();
      await victim.program.exitCode();
      await using next = await Service.ready(site, { port });
      backMs = Math.max(backMs, performance.now() - startMs);
      await load.more(50);
      next.program.signal("SIGKILL");
      await next.program.exitCode();
    }
    const accounts = await load.stop();
    assert.ok(accounts.failed > 0, "nothing was under way when it was killed");
    return { ...accounts, backMs, seen: "what broke off was sent to the other one" };
  },
};

const processKilled: Row = {
  fault: "kill -9 of one of a service’s two processes under load",
  async run(lab) {
    const { shipped } = lab.models;
    await using site = await Site.open(lab, shipped);
    await using service = await Service.ready(site, { variables: { WORKERS: "2" } });
    const whole = async () => {
      const [listening, ready] = [await service.metric("tagsmith_processes_listening"), await service.metric("tagsmith_model_ready")]; // prettier-ignore
      return (listening === 2 && ready === 1) || undefined;
    };
    const isWhole = () => until("both processes are ready", whole, { timeoutMs: 30_000, everyMs: 50 });
    await isWhole();
    const asked = goldenQuestions(shipped.manifest);
    await using load = new Load({ urls: () => [service.url], asked, clients: 16, pauseMs: 2, sendings: 5 });
    await load.more(200);
    const children = await readFile(`/proc/${service.pid}/task/${service.pid}/children`, "utf8");
    const [victim] = children.trim().split(" ").map(Number);
    const startMs = performance.now();
    process.kill(victim ?? NaN, "SIGKILL");
    await until("its death is noticed", async () => (await service.metric("tagsmith_process_restarts_total")) === 1 || undefined, { timeoutMs: 30_000, everyMs: 50 }); // prettier-ignore
    await isWhole();
    const backMs = performance.now() - startMs;
    await load.more(200);
    return {
      ...(await load.stop()),
      backMs,
      seen: "the supervisor started another; clients sent again what broke off",
    };
  },
};

const thread = (fault: string, which: "heavy" | "shipped"): Row => ({
  fault,
  async run(lab) {
    const model = lab.models[which];
    await using site = await Site.open(lab, model);
    const options = ["--import", join(root, "e2e/faults/thread-death.mjs")];
    await using service = await Service.ready(site, { options, variables: { MODEL_WORKERS: "2" } });
    await service.program.prints(/thread \d+ lives/);
    const asked = goldenQuestions(model.manifest);
    await using load = new Load({ urls: () => [service.url], asked, clients: 6, pauseMs: 0 });
    await load.more(30);
    service.program.signal("SIGUSR2");
    await service.program.prints(/thread \d+ dies/);
    await load.more(60);
    return { ...(await load.stop()), seen: "replaced; what it was asked was asked again inside" };
  },
});

export const leavingRows = [
  deploy,
  killed,
  processKilled,
  thread("One of the two threads of a heavy model dies under its requests", "heavy"),
  thread("The shipped model’s only thread dies under its requests", "shipped"),
];
