import { readBundle } from "@tagsmith/model-bundle/bundle";
import { publish } from "@tagsmith/model-bundle/publish";
import { promote, type Release } from "@tagsmith/model-bundle/release";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import type { Bench } from "../bench.ts";
import { memoryOf } from "../memory.ts";
import { ask } from "../probe.ts";
import { spreadOf } from "../statistics.ts";
import { shippedBundle, swapsBucket } from "../store.ts";
import { startService } from "../systems.ts";
import { perSecond, startLoad } from "../wrk.ts";

const connections = 8;
const watchMs = 100;
const pollMs = 20;
const swapWithinMs = 15_000;
/** A load longer than all swaps; it is stopped after them. */
const longSeconds = 600;
/** Of a process that has just begun memory tells little. */
const settling = 5;

/** The shipped model under two versions, promoted in turn while requests come. */
export async function swaps(bench: Bench): Promise<void> {
  bench.step("starting");
  const releases = await publishTwo(bench);
  const service = await startService(bench, { bucket: swapsBucket, variables: { WATCH_MS: String(watchMs) } });
  const { bodies } = bench.questions;
  const running = startLoad(bench.children, { url: `${service.url}/api/v1/predict`, connections, seconds: longSeconds, bodies }); // prettier-ignore
  const residents: number[] = [];
  const tookMs: number[] = [];
  try {
    for (let swap = 1; swap <= bench.swaps; swap++) {
      bench.step(`swap ${swap} of ${bench.swaps}`);
      const startMs = performance.now();
      const release = releases[swap % 2];
      if (!release) return;
      await bench.store.use(swapsBucket, (models) => promote(models, release));
      await serves(bench, service.url, release.version);
      tookMs.push(performance.now() - startMs);
      residents.push(memoryOf(service.pid).resident);
    }
  } finally {
    running.stop();
  }
  const result = await running.result;
  const { peak } = memoryOf(service.pid);
  await service.stop();

  const took = `${(spreadOf(tookMs).median / 1_000).toFixed(2)} s a swap`;
  const failed = result.failedAnswers + result.socketErrors;
  bench.record.figure(
    "swaps_failed",
    failed,
    `of ${result.requests}, ${perSecond(result).toFixed(0)}/s, ${tookMs.length} swaps, ${took}`,
  );
  const early = spreadOf(residents.slice(0, settling)).median;
  const late = spreadOf(residents.slice(-settling)).median;
  const megabytes = [early, late, peak].map((bytes) => (bytes / 1e6).toFixed(0));
  bench.record.figure(
    "swaps_memory",
    late / early,
    `${megabytes[0]} MB, then ${megabytes[1]} MB; ${megabytes[2]} MB at most`,
  );
}

function publishTwo(bench: Bench): Promise<Release[]> {
  return bench.store.use(swapsBucket, async (models) => {
    const { manifest, folder } = await readBundle(shippedBundle);
    const releases: Release[] = [];
    for (const version of ["odd", "even"]) {
      releases.push(await publish(models, { manifest: { ...manifest, version }, folder }));
    }
    if (releases[0]) await promote(models, releases[0]);
    return releases;
  });
}

const readySchema = z.object({ model: z.object({ version: z.string() }) });

/** Throws when the service still serves another version after a while. */
async function serves({ signal }: Bench, url: string, version: string): Promise<void> {
  const startMs = performance.now();
  let text = "";
  while (performance.now() - startMs < swapWithinMs) {
    signal.throwIfAborted();
    ({ text } = await ask(`${url}/readyz`));
    const ready = readySchema.safeParse(JSON.parse(text));
    if (ready.success && ready.data.model.version === version) return;
    await delay(pollMs);
  }
  throw new Error(`version ${version} doesn't serve ${swapWithinMs} ms after its promotion: ${text.slice(0, 500)}`);
}
