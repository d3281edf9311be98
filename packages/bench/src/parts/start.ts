import type { Bench } from "../bench.ts";
import { pairedRatio, spreadOf } from "../statistics.ts";
import { shippedBucket } from "../store.ts";
import { startPeer, startService } from "../systems.ts";

const starts = 7;

/** From a process's start to the moment when it can answer; for us that includes the model's way out of S3. */
export async function start(bench: Bench): Promise<void> {
  const { peers, record } = bench;
  if (peers === undefined) record.note("peer not present: no start of a Python service to compare with");
  const ours: number[] = [];
  const theirs: number[] = [];
  // One more: the first of each reads programs into the system's cache.
  for (let round = 0; round <= starts; round++) {
    bench.step(`start ${round} of ${starts}`);
    const service = await startService(bench, { bucket: shippedBucket });
    await service.stop();
    const lean = peers === undefined ? undefined : await startPeer(bench, peers, "lean");
    await lean?.stop();
    if (round === 0) continue;
    ours.push(service.readyMs);
    if (lean) theirs.push(lean.readyMs);
  }
  record.figure("start_ready", spreadOf(ours), `${starts} starts`);
  if (theirs.length === 0) return;
  const detail = `${spreadOf(ours).median.toFixed(0)} ms against ${spreadOf(theirs).median.toFixed(0)} ms`;
  record.figure("start_peer", pairedRatio(ours, theirs), detail);
}
