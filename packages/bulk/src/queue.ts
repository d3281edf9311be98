import { sizes, type Job, type Sizes } from "./job.ts";
import { donePrefix, queueKey, shardOfDone } from "./layout.ts";
import type { Plan } from "./plan.ts";

/** The shards whose results are there. */
export async function doneShards({ output, stores }: Job): Promise<Set<number>> {
  const done = new Set<number>();
  for await (const { key } of stores.output.list(donePrefix(output))) done.add(shardOfDone(key));
  return done;
}

/** What is left to do, for so many tasks at once: the shards of each, with a comma between. */
export async function tasksOf(
  job: Job,
  plan: Plan,
  { tasks, shardsPerTask = sizes.shardsPerTask }: { tasks: number } & Partial<Pick<Sizes, "shardsPerTask">>,
): Promise<string[]> {
  const done = await doneShards(job);
  const left = [...plan.shards.keys()].filter((shard) => !done.has(shard));
  const size = Math.max(1, Math.min(shardsPerTask, Math.ceil(left.length / tasks)));
  return Array.from({ length: Math.ceil(left.length / size) }, (_, task) =>
    left.slice(task * size, (task + 1) * size).join(","),
  );
}

/** Writes the tasks where the Distributed Map reads its items. */
export async function writeQueue({ output, stores }: Job, tasks: readonly string[]): Promise<void> {
  await stores.output.write(queueKey(output), JSON.stringify(tasks.map((shards) => ({ shards }))));
}
