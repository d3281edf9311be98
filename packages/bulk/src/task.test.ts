import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, vi } from "vitest";
import { file, itWithJob, type JobTest } from "../test/with-job.ts";
import { refusedCode } from "./failure.ts";
import { runTasks } from "./local.ts";
import { planOf } from "./planner.ts";
import { tasksOf } from "./queue.ts";

const program = fileURLToPath(new URL("./task.ts", import.meta.url));

describe("a task tells by its exit code whether it would fail again", () => {
  async function codeOf(step: string, env: JobTest["env"]): Promise<unknown> {
    const task = spawn(process.execPath, ["--import", "tsx", program, step], { env: { ...process.env, ...env } });
    const [code] = (await once(task, "close")) as unknown[];
    return code;
  }

  itWithJob("what was asked for can't be done", async ({ put, env, job }) => {
    await put("q.csv", "name\nx\n");
    expect(await codeOf("plan", env)).toBe(refusedCode);
    await put("q.csv", "title\npython\n");
    expect(await codeOf("plan", { ...env, OUTPUT: "s3://elsewhere/out" })).toBe(refusedCode);
    await planOf(job);
    expect(await codeOf("finish", env)).toBe(refusedCode);
  });

  itWithJob("anything else", async ({ put, env, job, faults }) => {
    await put("q.jsonl", file);
    await planOf(job);
    faults.add({ kind: "slow-down" }, { operation: "GetObject", times: 100 });
    expect(await codeOf("finish", env)).toBe(1);
  });
});

describe("leaves nothing of the model on the disk, and ends", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    itWithJob(`a task with ${signal}`, async (given) => {
      const { put, job, env, faults, folder } = given;
      await put("q.jsonl", file);
      await planOf(job, { shardBytes: 500 });
      const place = await mkdtemp(join(folder, "models-"));
      const task = spawn(process.execPath, ["--import", "tsx", program, "tag"], {
        env: { ...process.env, ...env, SHARDS: "0", MODEL_FOLDER: place },
      });
      const end = once(task, "close");
      let whileItRan: string[] = [];
      const action = async () => {
        whileItRan = await readdir(place);
        task.kill(signal);
        await end;
      };
      faults.add({ kind: "meanwhile", action }, { operation: "PutObject", key: "out/results/q.jsonl/00000.jsonl" });
      expect(await end).toEqual([null, signal]);
      expect(whileItRan).toHaveLength(1);
      expect(await readdir(place)).toEqual([]);
    });
  }

  itWithJob("each task of a job on this machine with whoever began it", async ({ put, job, env, faults, folder }) => {
    await put("q.jsonl", file);
    await planOf(job, { shardBytes: 1e6 });
    const place = await mkdtemp(join(folder, "models-"));
    const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
    const places = ["--input", "s3://bulk/in", "--output", "s3://bulk/out", "--processes", "1"];
    const command = spawn(process.execPath, ["--import", "tsx", cli, ...places], {
      env: { ...process.env, ...env, MODEL_FOLDER: place },
    });
    const end = once(command, "exit");
    const emptied = () => vi.waitFor(async () => expect(await readdir(place)).toEqual([]), { timeout: 10_000 });
    let whileItRan: string[] = [];
    const action = async () => {
      whileItRan = await readdir(place);
      command.kill("SIGTERM");
      await emptied(); // until then, its task waits for the answer
    };
    faults.add({ kind: "meanwhile", action }, { operation: "PutObject", key: "out/results/q.jsonl/00000.jsonl" });
    expect(await end).toEqual([null, "SIGTERM"]);
    expect(whileItRan).toHaveLength(1);
    await emptied();
  });
});

itWithJob("a task that fails ends, though a heavy model has threads of its own", async (given) => {
  const { put, job, env, promote } = given;
  await promote({ version: "2", burdens: 6 });
  await put("q.jsonl", file);
  const left = await tasksOf(job, await planOf(job, { shardBytes: 500 }), { tasks: 1 });
  await put("q.jsonl", file.replaceAll("python", "pascal"));
  await expect(runTasks(left, { processes: 1, variables: env })).rejects.toThrow("is not the object that was expected");
});
