import type { Bench } from "./bench.ts";
import { load, type Load, type LoadResult } from "./wrk.ts";

export interface Contender extends Omit<Load, "seconds"> {
  readonly system: string;
}

export const warmUpSeconds = 1;

const mostFailed = 0.001;

/**
 * Loads each in turn, round after round, so that whatever else the machine does disturbs all alike. Resolves to the
 * results of each, one a round, and records them.
 */
export async function sideBySide(
  bench: Bench,
  what: string,
  contenders: readonly Contender[],
): Promise<LoadResult[][]> {
  for (const contender of contenders) {
    bench.step(`${what}: warming up ${contender.system}`);
    await load(bench.children, { ...contender, seconds: warmUpSeconds });
  }
  const results: LoadResult[][] = contenders.map(() => []);
  for (let round = 0; round < bench.rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      bench.step(`${what}: round ${round + 1} of ${bench.rounds}, ${contender.system}`);
      results[index]?.push(await load(bench.children, { ...contender, seconds: bench.seconds }));
    }
  }
  for (const [index, { system }] of contenders.entries()) {
    const rounds = results[index] ?? [];
    bench.record.throughput(what, system, rounds);
    assertAnswered(`${what}, ${system}`, rounds);
  }
  return results;
}

/** Errors are answered faster than questions: rates with many of them say nothing. */
function assertAnswered(what: string, results: readonly LoadResult[]): void {
  const failed = results.reduce((sum, { failedAnswers, socketErrors }) => sum + failedAnswers + socketErrors, 0);
  const requests = results.reduce((sum, result) => sum + result.requests, 0);
  if (failed > mostFailed * requests) throw new Error(`${what}: ${failed} of ${requests} requests failed`);
}
