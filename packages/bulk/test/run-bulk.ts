import type { Environment } from "@tagsmith/model-bundle/environment";
import { runCommandLine } from "../src/command-line.ts";

export const places = ["--input", "s3://bulk/in", "--output", "s3://bulk/out"];

/** `npm run bulk` with these arguments, and what it says. */
export async function bulk(args: readonly string[], env: Environment) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine(args, env, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join("\n"), err: err.join("\n") };
}
