import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runTasks } from "./local.ts";

/** Notes in a file which shards a process was to tag. */
const note = `
import { appendFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
if (isMainThread) appendFileSync(process.env.NOTED, process.env.SHARDS + "\\n");
`;

it("a task that always fails is begun three times, says why, and none is begun after it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bulk-local-"));
  const [noted, preload] = [join(folder, "noted"), join(folder, "note.mjs")];
  try {
    await writeFile(preload, note);
    const variables = { NODE_OPTIONS: `--import=${preload}`, NOTED: noted, MODEL_BUCKET: "" };
    const run = runTasks(["first", "second", "third"], { processes: 1, variables });
    await expect(run).rejects.toMatchObject({ message: expect.stringContaining("MODEL_BUCKET") as string });
    expect(await readFile(noted, "utf8")).toBe("first\n".repeat(3));
  } finally {
    await rm(folder, { recursive: true });
  }
});
