import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { itWithJob, type JobTest } from "../test/with-job.ts";
import { runCommandLine } from "./command-line.ts";
import type { Environment } from "@tagsmith/model-bundle/environment";
import { planOf } from "./planner.ts";
import { Progress } from "./progress.ts";

const places = ["--input", "s3://bulk/in", "--output", "s3://bulk/out"];
const lines = '{"title":"python"}\n'.repeat(50);

async function bulk(args: readonly string[], env: Environment) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine(args, env, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

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
    await run();
    const drawn: string[] = [];
    const progress = new Progress(job, { out: fail, err: fail, redraw: (text) => drawn.push(text) });
    for (let look = 0; look < 3; look++) await progress.show(plan);
    progress.end();
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

/** Step Functions, as far as it is asked here: an execution runs until `end` is called. */
class States {
  readonly started: { name: string; input: object }[] = [];
  end: { status: string; error?: string; cause?: string | undefined } | undefined;
  /** Whoever asks may not. */
  isClosed = false;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
        response.setHeader("content-type", "application/x-amz-json-1.0");
        if (this.isClosed) response.statusCode = 400;
        response.end(JSON.stringify(this.#answer(operation, JSON.parse(body) as Record<string, string>)));
      });
    });
  }

  #answer(operation: string, input: Record<string, string>): object {
    const arn = "arn:aws:states:us-east-1:1:stateMachine:prod-tagsmith-bulk";
    const last = this.started.at(-1);
    if (this.isClosed) return { __type: "AccessDeniedException", message: `not authorized: states:${operation}` };
    switch (operation) {
      case "ListStateMachines":
        return { stateMachines: [{ name: "prod-tagsmith-bulk", stateMachineArn: arn }] };
      case "ListExecutions":
        return { executions: last && !this.end ? [{ name: last.name, executionArn: `${arn}:${last.name}` }] : [] };
      case "StartExecution":
        this.started.push({ name: input["name"] ?? "", input: JSON.parse(input["input"] ?? "") as object });
        return { executionArn: `${arn}:${input["name"]}` };
      case "StopExecution":
        this.end = { status: "ABORTED" };
        return {};
      default:
        return this.end ?? { status: "RUNNING" };
    }
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe("on AWS", () => {
  let states: States;
  const there = [...places, "--stage", "prod"];

  beforeEach(async () => {
    states = new States();
    vi.stubEnv("AWS_ENDPOINT_URL_SFN", await states.listen());
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "any");
  });

  afterEach(() => {
    states.close();
    vi.unstubAllEnvs();
  });

  const withoutModel = ({ env }: JobTest) => ({
    ...{ MODEL_BUCKET: "", AWS_ENDPOINT_URL: env["AWS_ENDPOINT_URL"], AWS_REGION: "us-east-1" },
  });

  itWithJob("starts the stage's machine, follows it, and tells what came of it", async (given) => {
    await given.put("q.jsonl", lines);
    await given.run();
    states.end = { status: "SUCCEEDED" };
    const { code, out, err } = await bulk(there, withoutModel(given));
    expect({ code, out }).toEqual({ code: 0, out: "50 rows: 50 tagged, 0 failed; s3://bulk/out/_manifest.json" });
    expect(err).toContain("100 %, 50 of 50 rows");
    expect(err).toContain("Ctrl-C leaves it running");
    const input = { input: "s3://bulk/in", output: "s3://bulk/out", queue: "out/_bulk/queue.json" };
    expect(states.started.map((execution) => execution.input)).toEqual([input]);
  });

  itWithJob("joins what runs there for this output already, and stops it when asked to", async (given) => {
    const env = withoutModel(given);
    const following = bulk(there, env);
    await vi.waitFor(() => expect(states.started).toHaveLength(1), { timeout: 20_000 });
    expect(await bulk([...there, "--stop"], env)).toMatchObject({ code: 0 });
    expect(await following).toMatchObject({ code: 1, err: expect.stringContaining("ABORTED") as string });
    states.end = undefined;
    const joining = bulk(there, env);
    await bulk([...there, "--stop"], env);
    await joining;
    expect(states.started).toHaveLength(1);
    expect(await bulk([...there, "--stop"], env)).toMatchObject({
      code: 1,
      err: "Nothing runs there for that output.",
    });
  });

  itWithJob("an output of another input is refused before anything is started", async (given) => {
    await given.put("q.jsonl", lines);
    await planOf(given.job);
    const other = ["--input", "s3://bulk/other", "--output", "s3://bulk/out", "--stage", "prod"];
    expect(await bulk(other, withoutModel(given))).toMatchObject({
      code: 1,
      err: "s3://bulk/out holds the results of s3://bulk/in. Choose another output.",
    });
    expect(states.started).toEqual([]);
  });

  itWithJob("a failed execution says why, and of a task where its own words are", async (given) => {
    const stopped = {
      Containers: [{ ExitCode: 1, Name: "Bulk", TaskArn: "arn:aws:ecs:us-east-1:1:task/prod/1f2e" }],
      StoppedReason: "Essential container in task exited",
      TaskArn: "arn:aws:ecs:us-east-1:1:task/prod/1f2e",
    };
    const where = "what it said is in the log stream bulk/Bulk/1f2e";
    for (const [cause, reason] of [
      [JSON.stringify(stopped), `States.TaskFailed: Essential container in task exited; ${where}`],
      ["No such key", "States.TaskFailed: No such key"],
      [undefined, "States.TaskFailed"],
    ] as const) {
      states.end = { status: "FAILED", error: "States.TaskFailed", cause };
      const { code, err } = await bulk(there, withoutModel(given));
      expect(code).toBe(1);
      expect(err).toContain(`FAILED: ${reason}\nThe same command goes on with what is left.`);
    }
  });

  itWithJob("who may not ask Step Functions is told what they may not do", async (given) => {
    states.isClosed = true;
    expect(await bulk(there, withoutModel(given))).toMatchObject({
      code: 1,
      err: "Step Functions can't be asked: not authorized: states:ListStateMachines",
    });
  });

  itWithJob("a stage that isn't there is named", async (given) => {
    const { code, err } = await bulk([...places, "--stage", "other"], withoutModel(given));
    expect(code).toBe(1);
    expect(err).toContain("There is no state machine other-tagsmith-bulk in this account and region.");
  });
});
