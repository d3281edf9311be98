import { root } from "../process.ts";
import { run } from "./command.ts";
import type { Simulator } from "./simulator.ts";

/** `npm run model`, as who operates the stage runs it. */
export async function model(simulator: Simulator, ...parameters: readonly string[]): Promise<void> {
  const command = ["npm", "run", "--silent", "model", "--", ...parameters] as const;
  await run(command, { cwd: root, env: simulator.environment, timeoutMs: 120_000 });
}

/** The name of the bucket that prod's models are in. */
export async function modelBucket(simulator: Simulator): Promise<string> {
  const isModels = (name: string) => name.startsWith("prod-tagsmith") && name.includes("models");
  const bucket = (await simulator.buckets()).find(isModels);
  if (bucket === undefined) throw new Error("there is no bucket of models");
  return bucket;
}
