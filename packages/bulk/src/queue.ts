import { sizes, type Job } from "./job.ts";
import { donePrefix, queueKey, shardOfDone } from "./layout.ts";
import type { Plan, Shard } from "./plan.ts";

/** The shards whose results are there. */
export async function doneShards({ output, stores }: Job): Promise<Set<number>> {
  const done = new Set<number>();
  for await (const { key } of stores.output.list(donePrefix(output))) done.add(shardOfDone(key));
  return done;
}

/** What is left to do, for so many tasks at once: the shards of each, with a comma between. */
export async function tasksOf(
  job: Job,
  { shards }: Pick<Plan, "shards">,
  { tasks }: { tasks: number },
): Promise<string[]> {
  const done = await doneShards(job);
  const left = [...shards.entries()].flatMap(([index, shard]) =>
    done.has(index) ? [] : { index, work: workOf(shard) },
  );
  const share = Math.min(sizes.shardsPerTask, left.reduce((sum, { work }) => sum + work, 0) / tasks);
  const found: { indices: number[]; work: number }[] = [];
  for (const { index, work } of left) {
    const last = found.at(-1);
    if (last && last.work < share) {
      last.indices.push(index);
      last.work += work;
    } else found.push({ indices: [index], work });
  }
  return found.map(({ indices }) => indices.join(","));
}

/** How much of a full shard's work it is; a tiny one counts as a fortieth, for its requests and since ECS limits the list of numbers. */
function workOf({ start, end, rows }: Shard): number {
  const share = start === undefined || end === undefined ? rows / sizes.shardRows : (end - start) / sizes.shardBytes;
  return Math.max(share, 1 / 40);
}

/**
 * Writes the tasks where the Distributed Map reads its items: one that does nothing where nothing is left to do, for AWS doesn't
 * say what the map makes of an empty list.
 */
export async function writeQueue({ output, stores }: Job, tasks: readonly string[]): Promise<void> {
  const items = (tasks.length > 0 ? tasks : [""]).map((shards) => ({ shards }));
  await stores.output.write(queueKey(output), JSON.stringify(items));
}
