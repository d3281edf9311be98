import type { Environment } from "@tagsmith/model-bundle/environment";
import { describe, expect, it } from "vitest";
import { bulk, places } from "../test/run-bulk.ts";
import { itWithJob } from "../test/with-job.ts";
import { runCommandLine } from "./command-line.ts";
import { parsePlace } from "./place.ts";
import { planOf } from "./planner.ts";
import { Progress } from "./progress.ts";

const lines = '{"title":"python"}\n'.repeat(50);

describe("on this machine", () => {
  itWithJob("tags all, tells how far it is, and has nothing to do the second time", async ({ put, env, faults }) => {
    await put("q.jsonl", `${lines}{"title":""}\n`);
    const summary = "51 rows: 50 tagged, 1 failed; s3://bulk/out/_manifest.json";
    const first = await bulk([...places, "--processes", "1"], env);
    expect(first).toMatchObject({ code: 0, out: summary });
    expect(first.err).toContain("51 rows of 1 file in 1 shard, by tiny@1");
    expect(first.err).toMatch(/^100 %, 51 of 51 rows/m);
    faults.clear();
    expect(await bulk(places, env)).toMatchObject({ code: 0, out: summary });
    const written = faults.seen.filter(({ operation }) => operation === "PutObject").map(({ key }) => key);
    expect(written).toEqual(["out/_manifest.json"]);
  });

  itWithJob("tells of when the files and the model are, for what came since is left out", async (given) => {
    const { put, run, env, job } = given;
    await put("q.jsonl", lines);
    await run();
    await put("later.jsonl", lines);
    await given.promote({ version: "2" });
    const { planned_at } = await planOf(job);
    const { err, out } = await bulk(places, env);
    expect(err).toContain(`50 rows of 1 file in 1 shard, by tiny@1, both as they were at ${planned_at}`);
    expect(out).toContain("50 rows: 50 tagged");
  });

  itWithJob("a job of one row is told as one", async ({ put, env }) => {
    await put("q.jsonl", '{"title":"python"}\n');
    const { err, out } = await bulk([...places, "--processes", "1"], env);
    expect(err).toMatch(/^1 row of 1 file in 1 shard, by /m);
    expect(err).toMatch(/^100 %, 1 of 1 row(,|$)/m);
    expect(out).toMatch(/^1 row: 1 tagged, 0 failed;/);
  });

  itWithJob("takes an empty setting for one that isn't set", async ({ put, env }) => {
    await put("q.jsonl", lines);
    const empty = { TASKS: "", MODEL_WORKERS: "", MODEL_FOLDER: "", SHARDS: "" };
    expect(await bulk([...places, "--processes", "1"], { ...env, ...empty })).toMatchObject({ code: 0 });
  });

  itWithJob("names what a task has died of, and goes on when asked again", async ({ job, put, env }) => {
    await put("q.jsonl", lines);
    await planOf(job);
    await put("q.jsonl", `${lines}{"title":"more"}\n`);
    const failed = await bulk([...places, "--processes", "1"], env);
    expect(failed).toMatchObject({ code: 1, out: "" });
    expect(failed.err).toContain("s3://bulk/in/q.jsonl is not the object that was expected");
    await put("q.jsonl", lines);
    expect(await bulk([...places, "--processes", "1"], env)).toMatchObject({ code: 0 });
  });
});

describe("on a terminal", () => {
  /** Whatever is written, in order. */
  async function screen(args: readonly string[], env: Environment): Promise<string> {
    let text = "";
    const line = (said: string) => (text += `${said}\n`);
    await runCommandLine(args, env, { out: line, err: line, redraw: (said) => (text += `\r${said}`) });
    return text;
  }

  itWithJob("one line tells how far it is, and what follows stands below it", async ({ job, put, run, env }) => {
    await put("q.jsonl", lines);
    const plan = await planOf(job);
    await put("q.jsonl", `${lines}{"title":"more"}\n`);
    expect(await screen([...places, "--processes", "1"], env)).toMatch(
      /\r0 %, 0 of 50 rows\n[^\r]*q\.jsonl is not the object/,
    );
    await put("q.jsonl", lines);
    const drawn: string[] = [];
    const progress = new Progress(job, { out: fail, err: fail, redraw: (text) => drawn.push(text) });
    await progress.show(plan);
    await run();
    for (let look = 0; look < 2; look++) await progress.show(plan);
    progress.end();
    expect(drawn[2]).toMatch(/^100 %, 50 of 50 rows, [\d,]+ a second, 00:00:00 left$/);
    expect(drawn.map((text) => text.endsWith("\n"))).toEqual([false, false, false, true]);
  });
});

const fail = (line: string) => {
  throw new Error(line);
};

describe("what is not understood is told with the usage", () => {
  it.each([
    [["--input", "s3://bulk/in"], "which --input and which --output?"],
    [places, "which model? Name its bucket with --models or MODEL_BUCKET"],
    [[...places, "--models", "bulk", "--processes", "many"], '--processes takes a number, not "many"'],
    [[...places, "--models", "bulk", "--stop"], "--stop needs --stage"],
    [[...places, "--models", "bulk", "--endpoint", "127.0.0.1:9000"], 'the endpoint "127.0.0.1:9000" is not a URL'],
    [["--inputs", "x"], "Unknown option '--inputs'"],
  ])("%j", async (args, message) => {
    const { code, err } = await bulk(args, {});
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain("Usage: npm run bulk");
  });

  it("a setting that can't be, all at once", async () => {
    const env = { MODEL_BUCKET: "bulk", TASKS: "many", MODEL_WORKERS: "0" };
    expect(await bulk(places, env)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^TASKS: .+\nMODEL_WORKERS: .+$/) as string,
    });
  });

  it("a place that is none in S3", async () => {
    const args = ["--input", "questions.csv", "--output", "s3://bulk/out", "--models", "bulk"];
    expect(await bulk(args, {})).toMatchObject({
      code: 1,
      err: '"questions.csv" is no place in S3, such as s3://bucket/folder.',
    });
  });
});

it.each(["s3://bulk/in", "s3://bulk/in/", "s3://bulk/in//"])("%s is the same folder", (address) => {
  expect(parsePlace(address)).toEqual({ bucket: "bulk", path: "in" });
});
