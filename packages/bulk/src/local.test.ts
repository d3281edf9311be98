import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { runTasks } from "./local.ts";

/** Notes something in a file when a process begins. */
const noteOf = (what: string) => `
import { appendFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
if (isMainThread) appendFileSync(process.env.NOTED, ${what} + "\\n");
`;

it("a task that always fails is begun three times, says why, and none is begun after it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bulk-local-"));
  const [noted, preload] = [join(folder, "noted"), join(folder, "note.mjs")];
  try {
    await writeFile(preload, noteOf("process.env.SHARDS")); // which it was to tag
    const variables = { NODE_OPTIONS: `--import=${preload}`, NOTED: noted, MODEL_BUCKET: "" };
    const run = runTasks(["first", "second", "third"], { processes: 1, variables });
    await expect(run).rejects.toMatchObject({ message: expect.stringContaining("MODEL_BUCKET") as string });
    expect(await readFile(noted, "utf8")).toBe("first\n".repeat(3));
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("no task outlives the program that is killed outright", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bulk-local-"));
  const [noted, preload] = [join(folder, "noted"), join(folder, "note.mjs")];
  await writeFile(preload, noteOf("process.pid"));
  const store = createServer(); // which answers nobody
  await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
  const { port } = store.address() as AddressInfo;
  const variables = {
    ...{ INPUT: "s3://files/in", OUTPUT: "s3://files/out", MODEL_BUCKET: "models" },
    ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, NODE_OPTIONS: `--import=${preload}`, NOTED: noted },
  };
  const code = `const { runTasks } = await import(${JSON.stringify(new URL("local.ts", import.meta.url).href)});
    await runTasks(["0"], { processes: 1, variables: ${JSON.stringify(variables)} });`;
  const program = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", code], {
    stdio: "ignore",
  });
  try {
    await once(store, "connection");
    const task = Number(await readFile(noted, "utf8"));
    program.kill("SIGKILL");
    // The signal 0 asks only whether there is such a process.
    await vi.waitFor(() => expect(() => process.kill(task, 0)).toThrow("ESRCH"), { timeout: 30_000 });
  } finally {
    store.close();
    await rm(folder, { recursive: true });
  }
});
