import type { Bench } from "../bench.ts";
import { memoryOf } from "../memory.ts";
import { ask, probe } from "../probe.ts";
import { program } from "../programs.ts";
import { sizedModel } from "../sized-model.ts";
import { pairedRatio, quantile, spreadOf } from "../statistics.ts";
import { startService } from "../systems.ts";

const mebibytes = 1_024;
const probeEveryMs = 4;

/** Node's monitor counts the timer's own interval in, as prom-client sets it. */
const monitorMs = 10;

interface Loading {
  readonly readyMs: number;
  readonly peak: number;
  readonly lagMs: number | undefined;
  readonly livezMs: readonly number[];
}

/** A model of 1 GiB, from the process's start until it is verified and ready. */
export async function large(bench: Bench): Promise<void> {
  const bucket = await sizedModel(bench, mebibytes);
  await discard(bench, bucket); // so that the system's cache has the object for all of them
  const loadings: Loading[] = [];
  const intoNowhereMs: number[] = [];
  for (let round = 1; round <= bench.rounds; round++) {
    bench.step(`round ${round} of ${bench.rounds}: into nowhere`);
    intoNowhereMs.push(await discard(bench, bucket));
    bench.step(`round ${round} of ${bench.rounds}: ready`);
    loadings.push(await loadOnce(bench, bucket));
  }
  report(bench, loadings, intoNowhereMs);
}

function report({ record }: Bench, loadings: readonly Loading[], intoNowhereMs: readonly number[]): void {
  const readyMs = loadings.map((loading) => loading.readyMs);
  const median = (values: readonly number[]) => (spreadOf(values).median / 1_000).toFixed(2);
  const speeds = `ready in ${median(readyMs)} s, into nowhere ${median(intoNowhereMs)} s`;
  record.figure("large_speed", pairedRatio(intoNowhereMs, readyMs), speeds);

  const peaks = loadings.map(({ peak }) => peak / (mebibytes * 2 ** 20));
  record.figure("large_memory", spreadOf(peaks), `${(spreadOf(peaks).median * mebibytes).toFixed(0)} MiB resident`);

  const livezMs = loadings.flatMap((loading) => loading.livezMs);
  const outside = `/livez meanwhile: p99 ${quantile(livezMs, 0.99).toFixed(1)} ms, at worst ${quantile(livezMs, 1).toFixed(1)} ms`;
  const lags = loadings.flatMap(({ lagMs }) => lagMs ?? []);
  if (lags.length > 0)
    record.figure("large_lag", spreadOf(lags), `Node's own monitor, its interval taken off; ${outside}`);
  else record.note(`/metrics has no event loop delay; ${outside}`);
}

async function loadOnce(bench: Bench, bucket: string): Promise<Loading> {
  let prober: ReturnType<typeof probe> | undefined;
  const service = await startService(bench, {
    bucket,
    onStart: (url) => (prober = probe(`${url}/livez`, probeEveryMs)),
  });
  const livezMs = (await prober?.stop()) ?? [];
  const { peak } = memoryOf(service.pid);
  const lagMs = await eventLoopLagMs(service.url);
  await service.stop();
  return { readyMs: service.readyMs, peak, lagMs, livezMs };
}

async function eventLoopLagMs(url: string): Promise<number | undefined> {
  const { text } = await ask(`${url}/metrics`);
  const [, seconds] = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text) ?? [];
  return seconds === undefined ? undefined : Math.max(0, Number(seconds) * 1_000 - monitorMs);
}

/** Resolves to what reading the model into nowhere takes a process, its start included. */
async function discard(bench: Bench, bucket: string): Promise<number> {
  const startMs = performance.now();
  await bench.children
    .start("reading into nowhere", program("discard", bench.store.url, bucket), { output: true })
    .output();
  return performance.now() - startMs;
}
