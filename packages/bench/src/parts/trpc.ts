import { join } from "node:path";
import type { Bench } from "../bench.ts";
import type { FigureId } from "../goals.ts";
import { writeBodies } from "../questions.ts";
import { sideBySide } from "../side-by-side.ts";
import { pairedRatio, spreadOf } from "../statistics.ts";
import { shippedBucket } from "../store.ts";
import { startAdapter, startService, type System } from "../systems.ts";
import { perSecond } from "../wrk.ts";

const batchCalls = 10;
const connections = 8;

/** The tRPC endpoint, in the wire format of the official client's links, against tRPC's own adapter over the same router. */
export async function trpc(bench: Bench): Promise<void> {
  bench.step("starting");
  const systems = [await startService(bench, { bucket: shippedBucket }), await startAdapter(bench)];
  const { list, bodies } = bench.questions;
  await compare(bench, systems, { id: "trpc_single", what: "tRPC, single calls", path: "predict", bodies });

  const batches = join(bench.folder, "trpc-batches.jsonl");
  const calls = list.map((_, first) =>
    Object.fromEntries(Array.from({ length: batchCalls }, (_, call) => [call, list[(first + call) % list.length]])),
  );
  await writeBodies(batches, calls);
  const path = `${Array.from({ length: batchCalls }, () => "predict").join(",")}?batch=1`;
  const what = `tRPC, batches of ${batchCalls}`;
  await compare(bench, systems, { id: "trpc_batch", what, path, bodies: batches });
  await Promise.all(systems.map((system) => system.stop()));
}

interface Comparison {
  readonly id: FigureId;
  readonly what: string;
  readonly path: string;
  readonly bodies: string;
}

async function compare(
  bench: Bench,
  systems: readonly System[],
  { id, what, path, bodies }: Comparison,
): Promise<void> {
  const contenders = systems.map((system) => ({
    name: system.name,
    system,
    url: `${system.url}/api/trpc/${path}`,
    connections,
    bodies,
  }));
  const results = await sideBySide(bench, `${what}, ${connections} connections`, contenders);
  const [ours = [], theirs = []] = results.map((rounds) => rounds.map(perSecond));
  const detail = `${spreadOf(ours).median.toFixed(0)} against ${spreadOf(theirs).median.toFixed(0)} requests/s`;
  bench.record.figure(id, pairedRatio(ours, theirs), detail);
}
