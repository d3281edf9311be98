import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a run of tests, its workers and its servers put into the temporary folder goes into one of its own, and goes with it. */
export function useTemporaryFolder(): void {
  if (process.env["TESTS_FOLDER"] !== undefined) return; // a worker, which reads the configuration too
  const folder = mkdtempSync(join(tmpdir(), "tagsmith-tests-"));
  process.env["TESTS_FOLDER"] = process.env["TMPDIR"] = folder;
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
}
