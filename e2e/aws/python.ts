import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../process.ts";
import { run } from "./command.ts";

/** Makes a folder with these packages below `.tagsmith/` where there is none. @returns its Python. */
export async function virtualEnvironment(name: string, requirements: readonly string[]): Promise<string> {
  const folder = join(root, ".tagsmith", name, "venv");
  const python = join(folder, "bin/python");
  if (!existsSync(python)) await run(["python3", "-m", "venv", folder]);
  await run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...requirements], {
    timeoutMs: 300_000,
  });
  return python;
}
