import type { Bench } from "../bench.ts";
import { cpuSecondsOf, tree } from "../memory.ts";
import { sideBySide, warmUpSeconds } from "../side-by-side.ts";
import { pairedRatio, spreadOf } from "../statistics.ts";
import { shippedBucket } from "../store.ts";
import { startService, type System } from "../systems.ts";
import { perSecond } from "../wrk.ts";

const connections = 64;

/**
 * Two processes of the service against one, each on one thread as Fargate's tasks run them. The load comes from the same
 * cores, and takes its share of them.
 */
export async function workers(bench: Bench): Promise<void> {
  bench.step("starting");
  const systems: System[] = [];
  for (const WORKERS of ["1", "2"]) {
    systems.push(await startService(bench, { bucket: shippedBucket, variables: { WORKERS, MODEL_WORKERS: "1" } }));
  }
  const [one, two] = systems;
  if (!one || !two) return;
  const before = cpuSecondsOf(two.pid);
  const contenders = systems.map((system, index) => ({
    name: `WORKERS=${index + 1}`,
    system,
    url: `${system.url}/api/v1/predict`,
    connections,
    bodies: bench.questions.bodies,
  }));
  const results = await sideBySide(bench, `POST, ${connections} connections`, contenders);
  const seconds = (results[1] ?? []).reduce((sum, result) => sum + result.seconds, warmUpSeconds);
  const cores = ((cpuSecondsOf(two.pid) - before) / seconds).toFixed(1);
  const [ours = [], theirs = []] = [results[1], results[0]].map((rounds) => rounds?.map(perSecond));
  const rates = `${spreadOf(ours).median.toFixed(0)}/s against ${spreadOf(theirs).median.toFixed(0)}/s`;
  bench.record.figure("workers_two", pairedRatio(ours, theirs), `${rates}; the two had ${cores} cores, wrk the rest`);
  if (tree(two.pid).length === 1) bench.record.note("WORKERS=2 started no second process");
  await Promise.all(systems.map((system) => system.stop()));
}
