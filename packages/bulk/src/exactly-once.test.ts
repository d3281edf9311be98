import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createPredictor } from "@tagsmith/model-bundle/predictor";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { describe, expect, vi } from "vitest";
import { file, itWithJob, type JobTest, lines } from "../test/with-job.ts";
import { finish } from "./finish.ts";
import { planKey } from "./layout.ts";
import { runTasks } from "./local.ts";
import { planOf } from "./planner.ts";
import { doneShards, tasksOf } from "./queue.ts";
import { tagShard } from "./shard.ts";

const sizes = { shardBytes: 500 };
const program = fileURLToPath(new URL("./task.ts", import.meta.url));

async function idsOf({ results }: JobTest): Promise<number[]> {
  return [...(await results()).values()].flatMap((text) =>
    text
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { id: number }).id),
  );
}

describe("a task that is killed, and the same command again: one result a row", () => {
  for (const [when, key] of [
    ["before a shard's results are there", "out/results/q.jsonl/00002.jsonl"],
    ["between its results and the note that it is done", "out/_bulk/done/2.json"],
  ] as const) {
    itWithJob(when, async (given) => {
      const { put, job, env, faults, store } = given;
      await put("q.jsonl", file);
      const plan = await planOf(job, sizes);
      const SHARDS = [...plan.shards.keys()].join(",");
      const task = spawn(process.execPath, ["--import", "tsx", program, "tag"], {
        env: { ...process.env, ...env, SHARDS },
      });
      const end = once(task, "close");
      const action = () => {
        task.kill("SIGKILL");
        return end;
      };
      faults.add({ kind: "meanwhile", action }, { operation: "PutObject", key });
      expect(await end).toEqual([null, "SIGKILL"]);
      const unfinished = [...plan.shards.keys()].slice(2);
      await expect(finish(job, plan)).rejects.toThrow(`shards are not done (${unfinished.join(", ")})`);
      const left = await tasksOf(job, plan, { tasks: 1 });
      expect(left).toEqual([unfinished.join(",")]);
      const before = key.includes("done") ? await store.readText("out/results/q.jsonl/00002.jsonl") : undefined;
      await runTasks(left, { processes: 1, variables: env });
      expect(await finish(job, plan)).toMatchObject({ rows: 100, tagged: 100, failed: 0 });
      expect(await idsOf(given)).toEqual(lines.map((_, id) => id));
      if (before) expect(await store.readText("out/results/q.jsonl/00002.jsonl")).toEqual(before);
    });
  }
});

itWithJob("one shard given to two tasks at once has the results of the first", async (given) => {
  const { put, job, model, folder, results, faults } = given;
  await put("q.jsonl", file);
  const plan = await planOf(job, { shardBytes: 1e6 });
  const other = await createPredictor(await tinyBundle({ labels: ["java", "go"], version: "2" }));
  const apart = await mkdtemp(join(folder, "second-"));
  const second = () => tagShard({ job, plan, model: other, folder: apart }, 0);
  faults.add({ kind: "meanwhile", action: second }, { operation: "PutObject", key: "out/results/q.jsonl/00000.jsonl" });
  const slower = await tagShard({ job, plan, model, folder }, 0);
  await other.close();
  const [text = ""] = [...(await results()).values()];
  expect(text).not.toContain(`["python"]`);
  expect(text).toContain('"suggested_tags":[]');
  expect(slower).toMatchObject({ tagged: 100, failed: 0 });
  expect(await finish(job, plan)).toMatchObject({ rows: 100 });
});

itWithJob("a shard that is done is not tagged again, and leaves nothing on the disk", async (given) => {
  const { put, job, model, folder } = given;
  await put("q.jsonl", file);
  const plan = await planOf(job, { shardBytes: 1e6 });
  const apart = await mkdtemp(join(folder, "task-"));
  const done = await tagShard({ job, plan, model, folder: apart }, 0);
  expect(await readdir(apart)).toEqual([]);
  const idle = { manifest: model.manifest, predict: vi.fn(() => Promise.reject(new Error("asked again"))) };
  expect(await tagShard({ job, plan, model: idle, folder: apart }, 0)).toEqual(done);
});

itWithJob("rows that are not as many as were planned are no results", async ({ put, job, model, folder, store }) => {
  await put("q.jsonl", file);
  const plan = await planOf(job, { shardBytes: 1e6 });
  const shards = plan.shards.map((shard) => ({ ...shard, rows: shard.rows + 1 }));
  await expect(tagShard({ job, plan: { ...plan, shards }, model, folder }, 0)).rejects.toThrow(
    "s3://bulk/in/q.jsonl, part 0: 100 rows, where 101 were planned.",
  );
  await expect(store.readText("out/results/q.jsonl/00000.jsonl")).rejects.toThrow();
});

itWithJob("two that plan at once have one plan, and the later of another input is refused", async (given) => {
  const { put, job, faults } = given;
  await put("q.jsonl", file);
  const planning = { operation: "PutObject", key: planKey(job.output) } as const;
  const plans: unknown[] = [];
  faults.add({ kind: "meanwhile", action: async () => plans.push(await planOf(job)) }, planning);
  const later = await planOf(job, sizes);
  expect(later.shards).toHaveLength(1);
  expect(plans).toEqual([later]);
  const elsewhere = { ...job, output: { ...job.output, path: "other" } };
  const ofOne = { ...elsewhere, input: { ...job.input, path: "in/q.jsonl" } };
  const key = planKey(elsewhere.output);
  faults.add({ kind: "meanwhile", action: () => planOf(ofOne) }, { ...planning, key });
  await expect(planOf(elsewhere)).rejects.toThrow("s3://bulk/other holds the results of s3://bulk/in/q.jsonl.");
});

itWithJob("all shards are tagged by the model that was current when the job was planned", async (given) => {
  const { put, job, env, promote, results } = given;
  await put("q.jsonl", file);
  const plan = await planOf(job, sizes);
  await promote({ version: "2", labels: ["java", "go"] });
  await runTasks(await tasksOf(job, await planOf(job), { tasks: 2 }), { processes: 2, variables: env });
  expect(await finish(job, plan)).toMatchObject({ model: { name: "tiny", version: "1" }, rows: 100 });
  for (const text of (await results()).values()) expect(text).toContain('"suggested_tags":["python"]');
});

itWithJob("a file that was overwritten since the job was planned fails it", async ({ put, job, model, folder }) => {
  await put("q.jsonl", file);
  const plan = await planOf(job, sizes);
  await put("q.jsonl", file.replaceAll("python", "pascal"));
  await expect(tagShard({ job, plan, model, folder }, 0)).rejects.toThrow(
    /in\/q\.jsonl is not the object that was expected/,
  );
});

itWithJob("a file that can't be tagged keeps no other shard of its task from being so", async (given) => {
  const { put, job, env } = given;
  for (const name of ["a", "b", "c", "d"]) await put(`${name}.jsonl`, file);
  await planOf(job);
  await put("b.jsonl", file.replaceAll("python", "pascal"));
  await fetch(`${env["AWS_ENDPOINT_URL"] ?? ""}/bulk/in/c.jsonl`, { method: "DELETE" });
  await expect(runTasks(["0,1,2,3"], { processes: 1, variables: env })).rejects.toThrow(
    /in\/b\.jsonl is not the object.+\n.+in\/c\.jsonl/,
  );
  expect(await doneShards(job)).toEqual(new Set([0, 3]));
});

itWithJob("results that the disk has no room for are not written in part", async ({ put, job, env }) => {
  await put("q.jsonl", `${JSON.stringify({ title: "python", body: "x".repeat(40_000) })}\n`.repeat(100));
  const plan = await planOf(job);
  // The limit is met within the one write of all rows, as the end of a disk would be.
  const limited = ["-c", 'ulimit -f 1024 && exec "$@"', "bash", process.execPath, "--import", "tsx", program, "tag"];
  const task = spawn("bash", limited, { env: { ...process.env, ...env, SHARDS: "0" } });
  const [said, [code]] = await Promise.all([text(task.stderr), once(task, "close") as Promise<[number]>]);
  expect([code, said]).toEqual([1, expect.stringMatching(/\/0 can't be written: EFBIG/)]);
  expect(await doneShards(job)).toEqual(new Set());
  await runTasks(["0"], { processes: 1, variables: env });
  expect(await finish(job, plan)).toMatchObject({ rows: 100, tagged: 100 });
});

itWithJob("an object is the whole input, also beside a folder of its name", async ({ job, put }) => {
  await put("x/x", lines.slice(1).join("\n"));
  await put("x", lines[0] ?? "");
  const input = { bucket: "bulk", path: "in/x" };
  const plan = await planOf({ ...job, input });
  expect(plan.files).toMatchObject([{ name: "x", key: "in/x" }]);
});

itWithJob("an object without bytes is no file, as what consoles make of a folder", async ({ job, put }) => {
  for (const name of ["day/", "day/empty.csv"]) await put(name, "");
  await put("day/q.jsonl", file);
  expect((await planOf(job)).files).toMatchObject([{ name: "day/q.jsonl" }]);
});

itWithJob("what Spark notes beside its parts is no file, in any folder", async ({ job, put }) => {
  for (const name of ["_SUCCESS", "day/_SUCCESS", "day/.q.jsonl.crc", "day/_temporary/q.csv"]) await put(name, "noted");
  await put("day/q.jsonl", file);
  expect((await planOf(job)).files).toMatchObject([{ name: "day/q.jsonl" }]);
});

itWithJob("an output keeps to its input", async ({ put, job }) => {
  await put("q.jsonl", file);
  await planOf(job);
  const other = { ...job, input: { bucket: "bulk", path: "elsewhere" } };
  await expect(planOf(other)).rejects.toThrow("s3://bulk/out holds the results of s3://bulk/in.");
});
