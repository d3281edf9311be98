import { join } from "node:path";
import type { Program } from "./processes.ts";
import { packages } from "./system.ts";

/**
 * A package's own `npm run dev`, its lines told apart by its name.
 * @param command what runs it, as `sst bind npm`.
 */
export function watched(name: "inference" | "web", command: Program["command"] = ["npm"]): Program {
  return { command: [...command, "run", "dev"], cwd: join(packages, name), output: "prefixed" };
}
