import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { engineDefaults, startEngine } from "@tagsmith/inference/engine";
import { silenceTelemetry } from "@tagsmith/inference/env";
import { downloadBundle } from "@tagsmith/model-bundle/download";
import { isBundleError, messageOf } from "@tagsmith/model-bundle/errors";
import { passing } from "@tagsmith/model-bundle/last-act";
import { onParentGone } from "@tagsmith/operations/parent";
import { counted } from "@tagsmith/question-files/question";
import { readConfig, type TaskConfig } from "./env.ts";
import { BulkFailure, refusedCode } from "./failure.ts";
import { finish } from "./finish.ts";
import { addressOf } from "./place.ts";
import { readPlan, rowsOf, type Plan } from "./plan.ts";
import { planOf } from "./planner.ts";
import { tasksOf, writeQueue } from "./queue.ts";
import { tagShard } from "./shard.ts";

/** What a container does, once: make the plan and the queue, tag shards, or write the manifest. */
const steps: Readonly<Record<string, (config: TaskConfig) => Promise<void>>> = {
  plan: async ({ job, tasks }) => {
    const plan = await planOf(job);
    const left = await tasksOf(job, plan, { tasks });
    await writeQueue(job, left);
    const [rows, shards] = [counted(rowsOf(plan), "row"), counted(plan.shards.length, "shard")];
    say(`${rows} in ${shards}; ${counted(left.length, "task")} to do`);
  },
  tag: async (config) => {
    if (config.shards.length === 0) return; // nothing was left to do
    const plan = await existingPlan(config);
    const faults = new Set<string>();
    await withModel(config, plan, async (model, folder) => {
      for (const shard of config.shards) {
        try {
          const { tagged, failed } = await tagShard({ job: config.job, plan, model, folder }, shard);
          say(`shard ${shard}: ${counted(tagged, "row")} tagged, ${failed} failed`);
        } catch (error) {
          if (!(error instanceof BulkFailure || isBundleError(error, "precondition_failed", "not_found"))) throw error;
          faults.add(error.message); // its file's, which keeps no other from being tagged
        }
      }
    });
    if (faults.size > 0) throw new BulkFailure([...faults].join("\n"));
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    say(`${Math.ceil(maxRSS / 1024)} MiB at most, ${((userCPUTime + systemCPUTime) / 1e6).toFixed(1)} s of CPU`);
  },
  finish: async (config) => {
    const { rows, tagged, failed } = await finish(config.job, await existingPlan(config));
    say(`${counted(rows, "row")}: ${tagged} tagged, ${failed} failed`);
  },
};

onParentGone(() => process.kill(process.pid, "SIGTERM"));
await main(process.argv[2] ?? "").catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  const isRefused = error instanceof BulkFailure || isBundleError(error, "store_denied", "no_bucket");
  process.exitCode = isRefused ? refusedCode : 1;
});

async function main(name: string): Promise<void> {
  const step = steps[name];
  if (!step) throw new Error(`"${name}" is none of: ${Object.keys(steps).join(", ")}.`);
  silenceTelemetry();
  await step(readConfig());
}

async function existingPlan({ job: { output, stores } }: TaskConfig): Promise<Plan> {
  const plan = await readPlan(stores.output, output);
  if (!plan) throw new BulkFailure(`${addressOf(output)} has no plan.`);
  return plan;
}

type Engine = Awaited<ReturnType<typeof startEngine>>;

/** The model that was pinned when the job was planned, whatever has been promoted since. */
async function withModel(
  { job, folder: parent, workers }: TaskConfig,
  plan: Plan,
  work: (model: Engine, folder: string) => Promise<void>,
): Promise<void> {
  await using folder = passing(await mkdtemp(join(parent, "tagsmith-bulk-")));
  const { model: release } = plan;
  const bundle = await downloadBundle(job.stores.models, release, join(folder.path, "model"));
  const { signal } = new AbortController();
  const model = await startEngine(
    { bundle, manifestSha256: release.manifestSha256 },
    { ...engineDefaults, workers },
    { isServing: false, signal },
  );
  try {
    await work(model, folder.path);
  } finally {
    await model.close(); // its threads would keep a task that has failed from ending
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
