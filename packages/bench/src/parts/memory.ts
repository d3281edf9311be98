import type { Bench } from "../bench.ts";
import { memoryOf, type Memory } from "../memory.ts";
import { ask } from "../probe.ts";
import { shippedBucket } from "../store.ts";
import { startService } from "../systems.ts";
import { load } from "../wrk.ts";

const megabyte = 1e6;
const predictions = 100;
const connections = 64;

/** What the service holds with the shipped model, fresh and after traffic. */
export async function memory(bench: Bench): Promise<void> {
  bench.step("starting");
  const { url, pid, stop } = await startService(bench, { bucket: shippedBucket });
  for (let at = 0; at < predictions; at++) {
    const json = JSON.stringify(bench.questions.list[at % bench.questions.list.length]);
    await ask(`${url}/api/v1/predict`, { json });
  }
  const fresh = memoryOf(pid);
  bench.record.figure(
    "memory_ready",
    fresh.resident / megabyte,
    `after ${predictions} predictions; ${describe(fresh)}`,
  );
  bench.step(`full traffic over ${connections} connections`);
  const seconds = bench.seconds * 2;
  await load(bench.children, { url: `${url}/api/v1/predict`, connections, seconds, bodies: bench.questions.bodies });
  const used = memoryOf(pid);
  bench.record.figure("memory_traffic", used.resident / megabyte, `${seconds} s; ${describe(used)}`);
  await stop();
}

function describe({ anonymous, peak }: Memory): string {
  return `${(anonymous / megabyte).toFixed(0)} MB of it anonymous, ${(peak / megabyte).toFixed(0)} MB at most`;
}
