import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { claimPorts } from "./ports.ts";
import { Processes } from "./processes.ts";
import { exitWith, packages } from "./system.ts";
import { watched } from "./watched.ts";

const outputs = join(packages, "../.sst/outputs.json");

await main().catch(exitWith);

/**
 * `npm run dev`: `sst dev`, and both programs from their sources with what it binds: their settings, and the rights that
 * their tasks would have. What follows on the command line, as `-- --stage NAME`, goes to SST.
 */
async function main(): Promise<void> {
  const options = process.argv.slice(2);
  const bind = ["sst", "bind", ...options] as const;
  const bound = [...bind, "npm"] as const;
  const fixed = () => "The stacks name it (`dev.url`): end what uses it.";
  const { WEB, INFERENCE } = await claimPorts({ WEB: 3000, INFERENCE: 8080 }, fixed);
  const processes = new Processes();
  const startedAt = Date.now();
  processes.start("sst", { command: ["sst", "dev", ...options], output: "terminal" }, {});
  const shared = { HOST: "127.0.0.1" };
  const isReady = (await processes.until(() => hasDeployed(startedAt))) && (await processes.until(() => isBound(bind)));
  if (isReady) {
    processes.start("inference", watched("inference", bound), { ...shared, PORT: String(INFERENCE), DRAIN_MS: "0" });
    processes.start("web", watched("web", bound), {
      ...shared,
      PORT: String(WEB),
      PUBLIC_API_URL: `http://127.0.0.1:${INFERENCE}`,
    });
  }
  process.exit(await processes.ended);
}

/** Whether SST has written the outputs of the last stack since. */
async function hasDeployed(since: number): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(outputs);
    const stacks = Object.entries(JSON.parse(await readFile(outputs, "utf8")) as Record<string, unknown>);
    return mtimeMs >= since && stacks.some(([name, values]) => name.endsWith("-Web") && Boolean(values));
  } catch {
    return false; // not there yet, or half written
  }
}

/** Whether `sst bind` knows the bucket: it learns of a stack from an event, some time after the stack is complete. */
function isBound([file, ...parameters]: readonly [string, ...string[]]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(file, [...parameters, "printenv", "MODEL_BUCKET"], { cwd: join(packages, "inference") }, (error) =>
      resolve(error === null),
    );
  });
}
