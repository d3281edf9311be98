import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileKey } from "@tagsmith/model-bundle/layout";
import { totalBytes } from "@tagsmith/model-bundle/manifest";
import { PART_BYTES } from "@tagsmith/model-bundle/parts";
import { publish } from "@tagsmith/model-bundle/publish";
import { promote } from "@tagsmith/model-bundle/release";
import { Load, sum } from "./load.ts";
import { asVersion, ballast, goldenQuestions, livez } from "./models.ts";
import type { FaultProxy } from "./proxy.ts";
import type { Row } from "./row.ts";
import { Service } from "./service.ts";
import { type Lab, Site } from "./site.ts";

const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const corruption: Row = {
  fault: "50 bytes of a published model flip in the store",
  async run(lab) {
    const bad = asVersion(lab.models.shipped, "bad");
    const path = "model.onnx.data";
    const good = await readFile(join(bad.folder, path));
    const flipped = Buffer.from(good);
    for (let at = 0; at < 50; at++) flipped[4_000_000 + at * 1_000] = ~(good[4_000_000 + at * 1_000] ?? 0);
    const promoteBad = async (site: Site) => {
      const release = await publish(site.store, bad);
      await site.store.write(fileKey(bad.manifest, path), flipped);
      await promote(site.store, release);
    };
    const questions = goldenQuestions(bad.manifest, [503]);
    await using site = await Site.open(lab, asVersion(bad, "1"));
    await using serving = await Service.ready(site);
    await using unharmed = new Load({ urls: () => [serving.url], asked: goldenQuestions(bad.manifest) });
    await promoteBad(site);
    await serving.becomes(({ status, update }) => status === "ready" && update?.code === "hash_mismatch");

    await using empty = await Site.open(lab);
    await promoteBad(empty);
    await using starting = await Service.listening(empty);
    await starting.becomes(({ status, code }) => status === "failed" && code === "hash_mismatch");
    await using refused = new Load({ urls: () => [starting.url], asked: questions });
    await Promise.all([unharmed.more(100), refused.more(50)]);
    const accounts = sum(await unharmed.stop(), await refused.stop());

    for (const { store } of [site, empty]) await store.write(fileKey(bad.manifest, path), good);
    const backMs = Math.max(...(await Promise.all([serving.serves("bad"), starting.serves("bad")])));
    return { ...accounts, backMs, seen: "the old model went on; a service without one stayed 503 and said why" };
  },
};

interface Disturbance {
  /** Between the model's publication and its promotion. */
  readonly before?: (site: Site) => Promise<void>;
  readonly atHalf: (site: Site) => Promise<void> | void;
}

/** Promotes a model of many parts under load, and disturbs its download when half of it is there. */
async function whileLoading(lab: Lab, { before, atHalf }: Disturbance) {
  const { shipped, large } = lab.models;
  await using site = await Site.open(lab, asVersion(shipped, "old"));
  await using service = await Service.ready(site);
  await using load = new Load({ urls: () => [service.url], asked: goldenQuestions(shipped.manifest) });
  await load.more(20);
  const release = await publish(site.store, large);
  await before?.(site);
  const bytes = totalBytes(large.manifest);
  const passedBefore = site.proxy.answeredBytes;
  await Promise.all([site.proxy.answered(passedBefore + bytes / 2), promote(site.store, release)]);
  await atHalf(site);
  const backMs = await service.serves(release.version);
  const againBytes = site.proxy.answeredBytes - passedBefore - bytes;
  await load.more(20);
  assert.equal(await service.metric("tagsmith_model_load_failures_total"), 0, "the first try was not enough");
  return { figures: { ...(await load.stop()), backMs }, againBytes };
}

async function resumed(lab: Lab, disturb: (proxy: FaultProxy) => void) {
  const { figures, againBytes } = await whileLoading(lab, { atHalf: ({ proxy }) => disturb(proxy) });
  assert.ok(againBytes < PART_BYTES, `${mebibytes(againBytes)} were read twice`);
  const total = mebibytes(totalBytes(lab.models.large.manifest));
  return { ...figures, seen: `${mebibytes(Math.max(0, againBytes))} of ${total} read twice, loaded in one try` };
}

const stall: Row = {
  fault: "Every connection to the store stalls in the middle of a model",
  run: (lab) => resumed(lab, (proxy) => proxy.stall()),
};

const drop: Row = {
  fault: "Every connection to the store is cut at half of a model",
  run: (lab) => resumed(lab, (proxy) => proxy.cut()),
};

const overwrite: Row = {
  fault: "A file of the model is replaced while it is read, and the connections break",
  async run(lab) {
    const { folder, manifest } = lab.models.large;
    const key = fileKey(manifest, ballast.path);
    const { figures } = await whileLoading(lab, {
      before: ({ store }) => store.write(key, randomBytes(ballast.bytes)),
      async atHalf({ store, proxy }) {
        proxy.blackhole();
        await store.write(key, await readFile(join(folder, ballast.path)));
        proxy.cut();
        proxy.heal();
      },
    });
    return { ...figures, seen: "read afresh, nothing of the two mixed, loaded in one try" };
  },
};

const slowStart: Row = {
  fault: "The store is so slow that the first model takes long",
  async run(lab) {
    const { shipped } = lab.models;
    const seconds = lab.isRealTime ? 90 : 8;
    await using site = await Site.open(lab, shipped);
    site.proxy.toxics = { delayMs: 5, sliceBytes: 16_384, bytesPerSecond: totalBytes(shipped.manifest) / seconds };
    await using service = await Service.listening(site);
    await using probes = new Load({ urls: () => [service.url], asked: [livez] });
    const startMs = performance.now();
    await using early = new Load({ urls: () => [service.url], asked: goldenQuestions(shipped.manifest, [503]) });
    await service.becomes(({ status }) => status === "loading");
    await early.more(50);
    await service.becomes(({ status }) => status === "ready");
    const loadedS = (performance.now() - startMs) / 1_000;
    await early.more(50);
    const seen = `${loadedS.toFixed(0)} s, in slices of 16 kB: /livez 200 all the time, /readyz 503 until it was there`;
    return { ...sum(await early.stop(), await probes.stop()), seen };
  },
};

export const loadingRows = [corruption, stall, drop, overwrite, slowStart];
