import type { Bench } from "../bench.ts";
import { sideBySide } from "../side-by-side.ts";
import { pairedRatio, spreadOf } from "../statistics.ts";
import { shippedBucket } from "../store.ts";
import { startLimit, startPeer, startService, type System } from "../systems.ts";
import { perSecond, type LoadResult } from "../wrk.ts";

/** `POST /api/v1/predict` against what a user would pick instead, and against what Node can do at most. */
export async function rest(bench: Bench): Promise<void> {
  bench.step("starting");
  const service = await startService(bench, { bucket: shippedBucket });
  const limit = await startLimit(bench);
  const peers: System[] = [];
  if (bench.peers === undefined) bench.record.note("peer not present: nothing to compare with a Python service");
  else for (const kind of ["lean", "litserve"] as const) peers.push(await startPeer(bench, bench.peers, kind));
  for (const connections of [8, 64] as const) await compare(bench, { service, limit, peers, connections });
  await Promise.all([service, limit, ...peers].map((system) => system.stop()));
}

interface Field {
  readonly service: System;
  readonly limit: System;
  readonly peers: readonly System[];
  readonly connections: 8 | 64;
}

async function compare(bench: Bench, { service, limit, peers, connections }: Field): Promise<void> {
  const { bodies } = bench.questions;
  const [ours = [], atLimit = [], ...theirs] = await sideBySide(bench, `POST, ${connections} connections`, [
    { name: service.name, system: service, url: `${service.url}/api/v1/predict`, connections, bodies },
    { name: limit.name, system: limit, url: `${limit.url}/`, connections, bodies },
    ...peers.map((peer) => ({ name: peer.name, system: peer, url: `${peer.url}/predict`, connections, bodies })),
  ]);
  const rates = ours.map(perSecond);
  const median = (results: readonly LoadResult[]) => spreadOf(results.map(perSecond)).median;
  const versus = (name: string, results: readonly LoadResult[]) =>
    `${median(ours).toFixed(0)}/s against ${median(results).toFixed(0)}/s of ${name}`;

  const best = peers
    .map(({ name }, index) => ({ name, results: theirs[index] ?? [] }))
    .reduce<{ name: string; results: readonly LoadResult[] } | undefined>(
      (better, one) => (better && median(better.results) >= median(one.results) ? better : one),
      undefined,
    );
  if (best) {
    const ratio = pairedRatio(rates, best.results.map(perSecond));
    bench.record.figure(`rest_peer_${connections}`, ratio, versus(best.name, best.results));
  }
  const ofLimit = pairedRatio(rates, atLimit.map(perSecond));
  bench.record.figure(`rest_limit_${connections}`, ofLimit, versus(limit.name, atLimit));
  if (connections !== 64) return;
  const p99 = (results: readonly LoadResult[]) => results.map(({ p99Ms }) => p99Ms);
  const against = `${spreadOf(p99(ours)).median.toFixed(1)} ms against ${spreadOf(p99(atLimit)).median.toFixed(1)} ms`;
  bench.record.figure("rest_p99_64", pairedRatio(p99(ours), p99(atLimit)), against);
}
