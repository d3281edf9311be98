import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "vitest";
import { itWithJob } from "../test/with-job.ts";
import { planOf } from "./planner.ts";

const program = fileURLToPath(new URL("./task.ts", import.meta.url));
const line = `${JSON.stringify({ title: "python", body: "b".repeat(8_000) })}\n`;
const mebibyte = 2 ** 20;

itWithJob("a task's memory doesn't grow with the shards that it is given", async ({ put, job, env }) => {
  await put("q.jsonl", line.repeat((128 * mebibyte) / line.length));
  const { shards } = await planOf(job, { shardBytes: 4 * mebibyte });
  const peakOf = async (count: number) => {
    const SHARDS = [...shards.keys()].slice(-count).join(",");
    const options = { env: { ...process.env, ...env, SHARDS } };
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program, "tag"], options);
    return Number(/(\d+) MiB at most/.exec(stdout)?.[1]);
  };
  const few = await peakOf(8);
  expect(await peakOf(shards.length)).toBeLessThan(few + 64); // they hold 96 MiB more
});
