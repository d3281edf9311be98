import { execFileSync } from "node:child_process";

/** What is measured: `git describe`, or "unknown" where the sources came without their history. */
export function describeCommit(root: string): string {
  try {
    const parameters = ["-C", root, "describe", "--always", "--dirty"];
    return execFileSync("git", parameters, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "unknown";
  }
}
