import type { Bench } from "../bench.ts";
import { watchMemory } from "../memory.ts";
import { ask, probe } from "../probe.ts";
import { modelOfSize, randomModelVersion, withRandomBundle } from "../random-model.ts";
import { quantile, spreadOf } from "../statistics.ts";
import { shippedBucket } from "../store.ts";
import { startService, type System } from "../systems.ts";
import { load } from "../wrk.ts";
import { setTimeout as delay } from "node:timers/promises";

/** Ten times what the service lets run and wait by its defaults; each asks again as soon as it is answered. */
const connections = 2_700;
const overloadSeconds = 8;
const probeEveryMs = 10;
const heavyBucket = "heavy";

interface Outcome {
  readonly model: string;
  readonly livezMs: readonly number[];
  readonly other: number;
  readonly recoverySeconds: number;
  /** In bytes: in the first half of the overload, and in its last quarter. */
  readonly memory: readonly [number, number];
  readonly detail: string;
}

/**
 * Far more than the service can answer: of a heavy model, which runs in threads, and of the shipped one, where taking in
 * and refusing is itself most of the work. The worse of both is the figure.
 */
export async function overload(bench: Bench): Promise<void> {
  const heavy = await heavyModel(bench);
  const outcomes = [
    await overloadOne(bench, "a heavy model", heavy),
    await overloadOne(bench, "the shipped model", shippedBucket),
  ];
  const { record } = bench;
  const worst = (of: (outcome: Outcome) => number) => Math.max(...outcomes.map(of));
  const each = (of: (outcome: Outcome) => string) => outcomes.map((one) => `${one.model}: ${of(one)}`).join("; ");
  const p99 = ({ livezMs }: Outcome) => quantile(livezMs, 0.99);
  record.figure(
    "overload_livez",
    worst(p99),
    each((one) => `${p99(one).toFixed(0)} ms, ${one.detail}`),
  );
  record.figure("overload_other", worst(({ other }) => other), each(({ other }) => String(other))); // prettier-ignore
  const recovery = (one: Outcome) => one.recoverySeconds;
  record.figure(
    "overload_recovery",
    worst(recovery),
    each((one) => `${recovery(one).toFixed(1)} s`),
  );
  const megabytes = ({ memory }: Outcome) => memory.map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`).join(", then ");
  const ratio = ({ memory: [early, late] }: Outcome) => late / early;
  record.figure("overload_memory", worst(ratio), each(megabytes));
}

/** So many labels that a question costs some milliseconds. */
async function heavyModel(bench: Bench): Promise<string> {
  const model = { ...modelOfSize(1), labels: 10_000 };
  await bench.store.use(heavyBucket, (models) =>
    bench.store.provide(models, { name: "random", version: randomModelVersion }, (publish) => {
      bench.step("making a heavy model, once");
      return withRandomBundle(bench.folder, model, publish);
    }),
  );
  return heavyBucket;
}

async function overloadOne(bench: Bench, model: string, bucket: string): Promise<Outcome> {
  bench.step(`${model}: starting`);
  const service = await startService(bench, { bucket });
  const url = `${service.url}/api/v1/predict`;
  const { bodies } = bench.questions;
  bench.step(`${model}: its capacity`);
  const atCapacity = await load(bench.children, {
    url,
    connections: 16,
    seconds: bench.seconds,
    bodies,
    statuses: true,
  });
  const usualMs = await askedInMs(bench, service);

  bench.step(`${model}: ${connections} connections`);
  const memory = watchMemory(service.pid);
  const prober = probe(`${service.url}/livez`, probeEveryMs);
  const over = await load(bench.children, { url, connections, seconds: overloadSeconds, bodies, statuses: true });
  const livezMs = await prober.stop();
  const residents = memory.stop();

  bench.step(`${model}: recovering`);
  const recoverySeconds = await recovery(bench, service, usualMs);
  await service.stop();
  const capacity = atCapacity.ok / atCapacity.seconds;
  const times = (over.ok + over.refused) / over.seconds / capacity;
  return {
    model,
    livezMs,
    other: over.other + over.socketErrors,
    recoverySeconds,
    memory: [
      medianOf(residents.slice(0, residents.length / 2)),
      medianOf(residents.slice((-residents.length / 4) | 0)),
    ],
    detail: `${connections} connections, ${times.toFixed(1)} × its capacity of ${capacity.toFixed(0)}/s answered`,
  };
}

const medianOf = (values: readonly number[]) => spreadOf(values).median;

/** Of some single requests. */
async function askedInMs(bench: Bench, service: System): Promise<number> {
  const tookMs: number[] = [];
  for (let at = 0; at < 9; at++) tookMs.push(await askOnce(bench, service));
  return spreadOf(tookMs).median;
}

async function askOnce({ questions }: Bench, { url }: System): Promise<number> {
  const startMs = performance.now();
  const { status } = await ask(`${url}/api/v1/predict`, { json: JSON.stringify(questions.list[0]) });
  return status === 200 ? performance.now() - startMs : Infinity;
}

const givenUpSeconds = 60;

/** Until three answers in a row took no more than three times what they did before, and 10 ms. */
async function recovery(bench: Bench, service: System, usualMs: number): Promise<number> {
  const startMs = performance.now();
  const seconds = () => (performance.now() - startMs) / 1_000;
  for (let inRow = 0; inRow < 3 && seconds() < givenUpSeconds;) {
    bench.signal.throwIfAborted();
    inRow = (await askOnce(bench, service)) <= Math.max(3 * usualMs, 10) ? inRow + 1 : 0;
    if (inRow === 0) await delay(20);
  }
  return seconds();
}
