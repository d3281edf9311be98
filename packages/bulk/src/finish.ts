import { Slots } from "@tagsmith/model-bundle/slots";
import { BulkFailure } from "./failure.ts";
import type { Job } from "./job.ts";
import { failuresKey, manifestKey } from "./layout.ts";
import { addressOf } from "./place.ts";
import type { Plan } from "./plan.ts";
import { readDone, type Done } from "./shard.ts";

const parallelReads = 32;

export interface Manifest extends Pick<Plan, "input" | "model" | "planned_at"> {
  readonly schema_version: 1;
  readonly rows: number;
  readonly tagged: number;
  readonly failed: number;
  /** Each with the rows of the file that it answers, in the file's order. */
  readonly results: readonly {
    readonly key: string;
    readonly file: string;
    readonly first_row: number;
    readonly rows: number;
    readonly failed: number;
  }[];
  /** JSON lines of file, row, field and reason. */
  readonly failures: readonly string[];
}

/**
 * Writes what came of the whole job, the same whenever it is asked for.
 * @throws {BulkFailure} where a shard is not done
 */
export async function finish(job: Job, plan: Plan): Promise<Manifest> {
  const { output, stores } = job;
  const slots = new Slots(parallelReads);
  const done = await Promise.all(plan.shards.map((_, shard) => slots.run(() => readDone(job, shard))));
  const missing = [...done.keys()].filter((shard) => !done[shard]);
  if (missing.length > 0) {
    const message = `${missing.length} of ${plan.shards.length} shards are not done (${missing.slice(0, 5).join(", ")})`;
    throw new BulkFailure(`${addressOf(output)}: ${message}. The same command goes on with them.`);
  }
  const manifest = manifestOf(job, plan, done as Done[]);
  await stores.output.write(manifestKey(output), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
}

function manifestOf(
  { output }: Job,
  { input, model, planned_at, files, shards }: Plan,
  done: readonly Done[],
): Manifest {
  const sum = (count: (done: Done) => number) => done.reduce((total, shard) => total + count(shard), 0);
  const parts = done.flatMap(({ shard: index, results, failed }) => {
    const shard = shards[index];
    const file = files[shard?.file ?? -1];
    return shard && file ? [{ results, failed, shard, file }] : [];
  });
  return {
    schema_version: 1,
    ...{ input, model, planned_at },
    rows: sum(({ tagged, failed }) => tagged + failed),
    tagged: sum(({ tagged }) => tagged),
    failed: sum(({ failed }) => failed),
    results: parts.map(({ results: key, failed, shard: { rowsBefore, rows }, file }) => {
      return { key, file: file.key, first_row: rowsBefore + 1, rows, failed };
    }),
    failures: parts.flatMap(({ failed, file, shard }) => (failed > 0 ? [failuresKey(output, file, shard)] : [])),
  };
}
