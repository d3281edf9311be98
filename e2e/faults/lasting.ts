import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { publish } from "@tagsmith/model-bundle/publish";
import { promote } from "@tagsmith/model-bundle/release";
import { interrupted } from "../aws/command.ts";
import { root, startWeb } from "../process.ts";
import { isAlive } from "./answering.ts";
import { Load } from "./load.ts";
import { asVersion, ballast, goldenQuestions } from "./models.ts";
import type { Row } from "./row.ts";
import { Service } from "./service.ts";
import { Site } from "./site.ts";

const lasts = (seconds: number) => wait(1_000 * seconds, undefined, { signal: interrupted });

const storeGone: Row = {
  fault: "The store is gone for ten minutes while a model serves",
  async run(lab) {
    const { shipped } = lab.models;
    const seconds = lab.isRealTime ? 600 : 24;
    await using site = await Site.open(lab, shipped);
    await using service = await Service.ready(site, lab.isRealTime ? { variables: { WATCH_MS: "15000" } } : {});
    await using load = new Load({ urls: () => [service.url], asked: goldenQuestions(shipped.manifest) });
    await load.more(20);
    site.proxy.refuse();
    await lasts(seconds / 2);
    site.proxy.heal();
    site.proxy.blackhole();
    await lasts(seconds / 2);
    await service.becomes(({ status, update }) => status === "ready" && update?.code === "store_unreachable");
    const looks = await service.metric("tagsmith_model_load_failures_total");
    assert.ok(looks > 1);
    await site.promote(asVersion(shipped, "meanwhile"));
    site.proxy.heal();
    const backMs = await service.serves("meanwhile");
    await load.more(20);
    const length = lab.isRealTime ? "" : `, in ${seconds} s instead, looking every 0.25 s and not every 15 s`;
    return { ...(await load.stop()), backMs, seen: `half of it resets, half silence${length}: ${looks} looks failed; the model promoted meanwhile came` }; // prettier-ignore
  },
};

const limitBytes = 20 * 2 ** 20;

const diskFull: Row = {
  fault: "The disk is full when a new model comes",
  async run(lab) {
    const { shipped, large } = lab.models;
    assert.ok(ballast.bytes > limitBytes);
    await using site = await Site.open(lab, shipped);
    const folder = join(lab.folder, "disk");
    await mkdir(folder);
    const before = `ulimit -S -f ${limitBytes / 1024}`;
    await using service = await Service.ready(site, { before, variables: { MODEL_FOLDER: folder } });
    await using load = new Load({ urls: () => [service.url], asked: goldenQuestions(shipped.manifest) });
    await load.more(20);
    await site.promote(large);
    await service.becomes(({ status, update }) => status === "ready" && update?.code === "disk_failed");
    const [own = ""] = await readdir(folder);
    assert.equal((await readdir(join(folder, own))).length, 1, "the half of a model must not stay on the disk");
    await load.more(50);
    await promisify(execFile)("prlimit", ["--pid", String(service.pid), "--fsize=unlimited:"]);
    const backMs = await service.serves("large");
    await load.more(20);
    return { ...(await load.stop()), backMs, seen: "the old model went on, nothing half stayed on the disk, and it was tried again" }; // prettier-ignore
  },
};

const clockJump: Row = {
  fault: "The clock jumps two hours ahead, then four hours back",
  async run(lab) {
    const { heavy } = lab.models;
    await using site = await Site.open(lab, heavy);
    const options = ["--import", join(root, "e2e/faults/clock-jump.mjs")];
    await using service = await Service.ready(site, { options, variables: { LOG_LEVEL: "info" } });
    await using load = new Load({
      urls: () => [service.url],
      asked: goldenQuestions(heavy.manifest),
      clients: 4,
      pauseMs: 0,
    });
    let backMs = 0;
    for (const version of ["ahead", "back"]) {
      await load.more(50);
      service.program.signal("SIGUSR2");
      await site.promote(asVersion(heavy, version));
      backMs = Math.max(backMs, await service.serves(version));
    }
    await load.more(50);
    const days = [...service.program.output.matchAll(/"time":"([^"]+)"/g)].map(([, time = ""]) => Date.parse(time));
    assert.ok(Math.max(...days) - Math.min(...days) > 3.9 * 3_600_000, "the clock has not jumped");
    return { ...(await load.stop()), backMs, seen: "nobody timed out, and models promoted meanwhile came as always" };
  },
};

const swapCount = 50;
const taskMebibytes = 512;

const swaps: Row = {
  fault: `${swapCount} models take each other’s place under load`,
  async run(lab) {
    const { shipped } = lab.models;
    await using site = await Site.open(lab, shipped);
    await using service = await Service.ready(site, { variables: { WATCH_MS: "50" } });
    const releases = [
      await publish(site.store, asVersion(shipped, "a")),
      await publish(site.store, asVersion(shipped, "b")),
    ];
    await using load = new Load({ urls: () => [service.url], asked: goldenQuestions(shipped.manifest) });
    for (let count = 0; count < swapCount; count++) {
      const release = releases[count % 2];
      if (release) await service.serves((await promote(site.store, release)).version);
    }
    const peak = service.memory("VmHWM");
    assert.ok(peak < 0.8 * taskMebibytes, `at most ${peak.toFixed(0)} MiB`);
    const seen = `at most ${peak.toFixed(0)} MiB, ${((100 * peak) / taskMebibytes).toFixed(0)} % of the smallest task’s`;
    return { ...(await load.stop()), seen };
  },
};

const idleMs = 61_000;

const keptConnection: Row = {
  fault: "A balancer sends on a connection that was idle for 61 s",
  mostlyWaits: true,
  async run(lab) {
    await using site = await Site.open(lab, lab.models.shipped);
    await using service = await Service.ready(site);
    await using web = startWeb(service.url);
    const kept = [
      [service.url, "/livez"],
      [await web.address(), "/healthz"],
    ].map(([url = "", path = ""]) => ({ path, socket: connect(Number(new URL(url).port), "127.0.0.1") }));
    const ask = () => Promise.all(kept.map(({ socket, path }) => isAlive(socket, path)));
    await ask();
    await lasts(idleMs / 1_000);
    await ask();
    for (const { socket } of kept) socket.destroy();
    return { tried: 4, answered: 4, refused: 0, failed: 0, lost: 0, seen: "of the service and of the web server" };
  },
};

export const lastingRows = [storeGone, diskFull, clockJump, swaps, keptConnection];
