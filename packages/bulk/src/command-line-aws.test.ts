import { afterEach, beforeEach, describe, expect, vi } from "vitest";
import { bulk, places } from "../test/run-bulk.ts";
import { StepFunctions } from "../test/step-functions.ts";
import { itWithJob, type JobTest } from "../test/with-job.ts";
import { planOf } from "./planner.ts";

const lines = '{"title":"python"}\n'.repeat(50);

describe("on AWS", () => {
  let states: StepFunctions;
  const there = [...places, "--stage", "prod"];

  beforeEach(async () => {
    states = new StepFunctions();
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
    expect(states.stopped).toEqual([expect.stringContaining(`:${states.started[0]?.name}`)]);
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

  itWithJob("starts a job anew under another name: AWS takes none twice", async (given) => {
    states.end = { status: "FAILED" };
    await bulk(there, withoutModel(given));
    await vi.waitFor(() => expect(Date.now().toString(36)).not.toBe(states.started[0]?.name.split("-")[1]));
    await bulk(there, withoutModel(given));
    const [first, second] = states.started.map(({ name }) => name);
    expect(second).not.toBe(first);
    expect(second?.split("-")[0]).toBe(first?.split("-")[0]);
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
