import { expect } from "vitest";
import { itWithJob } from "../test/with-job.ts";
import { sizes } from "./job.ts";
import { queueKey } from "./layout.ts";
import { runTasks } from "./local.ts";
import { planOf } from "./planner.ts";
import { tasksOf, writeQueue } from "./queue.ts";

const text = (bytes: number) => ({ file: 0, part: 0, rowsBefore: 0, rows: 1, start: 0, end: bytes });
const parquet = (rows: number) => ({ file: 0, part: 0, rowsBefore: 0, rows });

/** How many shards each of the tasks has. */
const counted = (tasks: readonly string[]) => tasks.map((shards) => shards.split(",").length);

itWithJob("a task has a dozen full shards, and fewer where that employs more tasks", async ({ job }) => {
  for (const full of [text(sizes.shardBytes + 100), parquet(sizes.shardRows)]) {
    const shards = Array.from({ length: 30 }, () => full);
    expect(counted(await tasksOf(job, { shards }, { tasks: 2 }))).toEqual([12, 12, 6]);
    expect(counted(await tasksOf(job, { shards }, { tasks: 10 }))).toEqual(Array.from({ length: 10 }, () => 3));
  }
});

itWithJob("small files share a task, which takes longer to start than they do", async ({ job }) => {
  for (const small of [text(100), parquet(1)]) {
    const tasks = await tasksOf(job, { shards: Array.from({ length: 100_000 }, () => small) }, { tasks: 100 });
    expect(tasks.length).toBeLessThan(250);
    // RunTask takes 8,192 characters of overrides, with the addresses of input and output among them.
    expect(Math.max(...tasks.map((shards) => shards.length))).toBeLessThan(4_000);
    expect(tasks.join(",").split(",").map(Number)).toEqual([...Array.from({ length: 100_000 }).keys()]);
  }
});

itWithJob("a job that is done, run again, has one task, which ends at once", async ({ job, put, run, store, env }) => {
  await put("q.csv", "title\npython\n");
  await run();
  await writeQueue(job, await tasksOf(job, await planOf(job), { tasks: 100 }));
  const items = JSON.parse((await store.readText(queueKey(job.output))).text) as { shards: string }[];
  expect(items).toHaveLength(1);
  const variables = { ...env, MODEL_BUCKET: "is-not-there" };
  await runTasks(
    items.map(({ shards }) => shards),
    { processes: 1, variables },
  );
});
