import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Environment } from "@tagsmith/model-bundle/environment";
import { isBundleError } from "@tagsmith/model-bundle/errors";
import type { Terminal } from "@tagsmith/model-bundle/terminal";
import { parseUsage, UsageError } from "@tagsmith/model-bundle/usage";
import { counted, grouped } from "@tagsmith/question-files/question";
import { readConfig } from "./env.ts";
import { BulkFailure } from "./failure.ts";
import { finish, type Manifest } from "./finish.ts";
import type { Job } from "./job.ts";
import { manifestKey } from "./layout.ts";
import { runTasks } from "./local.ts";
import { Machine } from "./machine.ts";
import { readIfThere, rowsOf, type Plan } from "./plan.ts";
import { knownPlan, planOf } from "./planner.ts";
import { Progress } from "./progress.ts";
import { tasksOf } from "./queue.ts";

const USAGE = `Usage: npm run bulk -- --input s3://BUCKET/FOLDER --output s3://BUCKET/FOLDER

Tags the questions in CSV, JSON lines and Parquet files. The same command goes on with what is left.

  --models BUCKET   where the model is, if not in MODEL_BUCKET
  --processes N     on this machine, by default as many as it has cores
  --stage NAME      on AWS instead, by the state machine of that stage
  --stop            with --stage: stop what runs there
  --endpoint URL    another server than AWS, as AWS_ENDPOINT_URL
  --region NAME     if not AWS_REGION`;

const options = {
  input: { type: "string" },
  output: { type: "string" },
  models: { type: "string" },
  processes: { type: "string" },
  stage: { type: "string" },
  stop: { type: "boolean" },
  endpoint: { type: "string" },
  region: { type: "string" },
  help: { type: "boolean" },
} as const;

const pollMs = { local: 1_000, remote: 5_000 } as const;

/** Runs one command line. Resolves to the exit code: 0, 1 where it failed, 2 where it was not understood. */
export async function runCommandLine(args: readonly string[], env: Environment, terminal: Terminal): Promise<number> {
  try {
    const { values } = parseUsage(() => parseArgs({ args: [...args], options }));
    if (values.help) terminal.out(USAGE);
    else await run(values, env, terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof BulkFailure || isBundleError(error))) throw error;
    terminal.err(error.message);
    if (!(error instanceof UsageError)) return 1;
    terminal.err(`\n${USAGE}`);
    return 2;
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

async function run(values: Values, env: Environment, terminal: Terminal): Promise<void> {
  const { input, output, stage, stop, processes = String(availableParallelism()) } = values;
  const { endpoint = env["AWS_ENDPOINT_URL"], region = env["AWS_REGION"], models = env["MODEL_BUCKET"] } = values;
  if (!input || !output) throw new UsageError("which --input and which --output?");
  if (!models && !stage) throw new UsageError("which model? Name its bucket with --models or MODEL_BUCKET");
  if (!/^[1-9]\d*$/.test(processes)) throw new UsageError(`--processes takes a number, not "${processes}"`);
  if (stop && !stage) throw new UsageError("--stop needs --stage");
  const variables = {
    // The tasks of a stage know their own.
    ...{ INPUT: input, OUTPUT: output, MODEL_BUCKET: models || "unknown" },
    ...(endpoint && { AWS_ENDPOINT_URL: endpoint }),
    ...(region && { AWS_REGION: region }),
  };
  const { job } = readConfig({ ...env, ...variables });
  if (!stage) await runHere(job, { processes: Number(processes), variables, terminal });
  else if (stop) await stopThere(job, await Machine.find(stage, region), terminal);
  else await runThere(job, await Machine.find(stage, region), terminal);
}

interface Here {
  readonly processes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly terminal: Terminal;
}

async function runHere(job: Job, { processes, variables, terminal }: Here): Promise<void> {
  const plan = await planOf(job);
  describe(plan, terminal);
  const stop = new AbortController();
  const progress = new Progress(job, terminal);
  const watching = watch(progress, plan, stop.signal);
  try {
    await runTasks(await tasksOf(job, plan, { tasks: processes }), { processes, variables });
  } finally {
    stop.abort();
    await watching;
    progress.end();
  }
  summarise(job, await finish(job, plan), terminal);
}

/** A look that fails keeps nobody from work. */
async function watch(progress: Progress, plan: Plan, signal: AbortSignal): Promise<void> {
  const look = () => progress.show(plan).catch(() => undefined);
  while (!signal.aborted) {
    await look();
    await delay(pollMs.local, undefined, { signal }).catch(() => undefined);
  }
  await look();
}

async function runThere(job: Job, machine: Machine, terminal: Terminal): Promise<void> {
  const execution = (await machine.running(job)) ?? (await start(job, machine));
  terminal.err(`${execution}\nCtrl-C leaves it running: the same command follows it again, with --stop it ends.`);
  const progress = new Progress(job, terminal);
  try {
    let plan: Plan | undefined;
    for (;;) {
      const { isRunning, failure } = await machine.status(execution);
      if (!plan) {
        plan = await knownPlan(job);
        if (plan) describe(plan, terminal);
      }
      if (plan) await progress.show(plan);
      if (failure !== undefined) throw new BulkFailure(`${failure}\nThe same command goes on with what is left.`);
      if (!isRunning) break;
      await delay(pollMs.remote);
    }
  } finally {
    progress.end();
  }
  const text = await readIfThere(job.stores.output, manifestKey(job.output));
  if (text !== undefined) summarise(job, JSON.parse(text) as Manifest, terminal);
}

async function start(job: Job, machine: Machine): Promise<string> {
  await knownPlan(job); // what it refuses, the machine would refuse minutes later
  return machine.start(job);
}

async function stopThere(job: Job, machine: Machine, terminal: Terminal): Promise<void> {
  const execution = await machine.running(job);
  if (execution === undefined) throw new BulkFailure("Nothing runs there for that output.");
  await machine.stop(execution);
  terminal.out("stopped; the same command without --stop goes on");
}

function describe(plan: Plan, { err }: Terminal): void {
  const { files, shards, model, planned_at } = plan;
  const size = `${counted(rowsOf(plan), "row")} of ${counted(files.length, "file")} in ${counted(shards.length, "shard")}`;
  err(`${size}, by ${model.name}@${model.version}, both as they were at ${planned_at}`);
}

function summarise({ output }: Job, { rows, tagged, failed }: Manifest, { out }: Terminal): void {
  const counts = `${counted(rows, "row")}: ${grouped(tagged)} tagged, ${grouped(failed)} failed`;
  out(`${counts}; s3://${output.bucket}/${manifestKey(output)}`);
}
