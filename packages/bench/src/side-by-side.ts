import type { Bench } from "./bench.ts";
import type { System } from "./systems.ts";
import { load, type Load, type LoadResult } from "./wrk.ts";

interface Contender extends Omit<Load, "seconds"> {
  /** As the tables call it. */
  readonly name: string;
  readonly system: System;
}

export const warmUpSeconds = 1;

const mostFailed = 0.001;

/**
 * Loads each in turn, round after round, so that whatever else the machine does disturbs all alike; the others stand still
 * meanwhile, since some of them wait for work in loops of their own. Resolves to the results of each, one a round, and records them.
 */
export async function sideBySide(
  bench: Bench,
  what: string,
  contenders: readonly Contender[],
): Promise<LoadResult[][]> {
  const systems = new Set(contenders.map(({ system }) => system));
  const loadAlone = async (contender: Contender, seconds: number): Promise<LoadResult> => {
    const others = [...systems].filter((system) => system !== contender.system);
    for (const other of others) other.pause();
    try {
      return await load(bench.children, { ...contender, seconds });
    } finally {
      for (const other of others) other.goOn();
    }
  };
  for (const contender of contenders) {
    bench.step(`${what}: warming up ${contender.name}`);
    await loadAlone(contender, warmUpSeconds);
  }
  const results: LoadResult[][] = contenders.map(() => []);
  for (let round = 0; round < bench.rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      bench.step(`${what}: round ${round + 1} of ${bench.rounds}, ${contender.name}`);
      results[index]?.push(await loadAlone(contender, bench.seconds));
    }
  }
  for (const [index, { name }] of contenders.entries()) {
    const rounds = results[index] ?? [];
    bench.record.throughput(what, name, rounds);
    assertAnswered(`${what}, ${name}`, rounds);
  }
  return results;
}

/** Errors are answered faster than questions: rates with many of them say nothing. */
function assertAnswered(what: string, results: readonly LoadResult[]): void {
  const failed = results.reduce((sum, { failedAnswers, socketErrors }) => sum + failedAnswers + socketErrors, 0);
  const requests = results.reduce((sum, result) => sum + result.requests, 0);
  if (failed > mostFailed * requests) throw new Error(`${what}: ${failed} of ${requests} requests failed`);
}
