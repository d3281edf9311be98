import { root } from "../process.ts";
import { run } from "./command.ts";
import type { Simulator } from "./simulator.ts";

/** `npm run model`, as who operates the stage runs it. */
export async function model(simulator: Simulator, ...parameters: readonly string[]): Promise<void> {
  const command = ["npm", "run", "--silent", "model", "--", ...parameters] as const;
  await run(command, { cwd: root, env: simulator.environment, timeoutMs: 120_000 });
}

/** `npm run bulk` on prod. @returns what it printed at its end */
export async function bulk(simulator: Simulator, ...parameters: readonly string[]): Promise<string> {
  const command = ["npm", "run", "--silent", "bulk", "--", "--stage", "prod", ...parameters] as const;
  const output = await run(command, { cwd: root, env: simulator.environment, timeoutMs: 300_000 });
  return output.split("\n").find((line) => line.includes("failed")) ?? output;
}

/** The name of prod's bucket for what. */
export async function bucketOf(simulator: Simulator, what: "models" | "files"): Promise<string> {
  const isIt = (name: string) => name.startsWith("prod-tagsmith") && name.includes(what);
  const bucket = (await simulator.buckets()).find(isIt);
  if (bucket === undefined) throw new Error(`there is no bucket of ${what}`);
  return bucket;
}
