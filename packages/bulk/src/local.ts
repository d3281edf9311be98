import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { lastAct } from "@tagsmith/model-bundle/last-act";
import { Slots } from "@tagsmith/model-bundle/slots";
import { childEnv } from "./env.ts";
import { BulkFailure } from "./failure.ts";

/** A task that dies is started again for what it has not finished; one that dies every time fails the job. */
const attempts = 3;

const program = ["--import", "tsx", fileURLToPath(new URL("./task.ts", import.meta.url))];

interface Pool {
  readonly processes: number;
  /** What leads a task to the job. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * What the state machine does, on this machine: each task in a process of its own, the same as in a container. None of them
 * outlives this one, where it is told to end.
 * @throws {BulkFailure} for a task that failed for the third time, with what it said; no further one is begun then
 */
export async function runTasks(tasks: readonly string[], { processes, variables }: Pool): Promise<void> {
  const slots = new Slots(processes);
  let failure: Error | undefined;
  const run = async (shards: string) => {
    if (failure) return;
    await persistently(() => tag({ ...variables, SHARDS: shards })).catch((error: unknown) => {
      failure = error instanceof Error ? error : new Error(String(error));
    });
  };
  await Promise.all(tasks.map((shards) => slots.run(() => run(shards))));
  if (failure) throw failure;
}

async function persistently(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

async function tag(variables: Pool["variables"]): Promise<void> {
  const child = spawn(process.execPath, [...program, "tag"], {
    env: childEnv({ ...variables, MODEL_WORKERS: "1" }),
    // It ends when its channel to us does: kill -9 leaves nobody who would tell it.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const callOff = lastAct(() => child.kill());
  let said = "";
  child.stderr?.on("data", (text: Buffer) => (said += text.toString()));
  const [code, signal] = (await once(child, "close").finally(callOff)) as [number | null, string | null];
  if (code !== 0) throw new BulkFailure(said.trim() || `A task ended with ${signal ?? String(code)}.`);
}
