import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../aws/command.ts";
import { virtualEnvironment } from "../aws/python.ts";
import { Report } from "../aws/report.ts";
import { root, startSystem } from "../process.ts";

const requirements = ["schemathesis==4.32.5"];
const folder = join(root, ".tagsmith/fuzz");
const timeoutMs = 600_000;

interface OpenApi {
  readonly paths: Record<string, Record<string, { parameters?: unknown }>>;
}

/** `npm run test:fuzz`: the built service's REST API under requests that are made of its own description, right and wrong. */
await new Report("fuzz").collect(async (report) => {
  const python = await virtualEnvironment("fuzz", requirements);
  mkdirSync(folder, { recursive: true });
  await using system = startSystem(join(folder, "data"));
  const api = await system.prints(/inference +(http:\S+)/);
  report.explainWith(() => Promise.resolve(system.output.slice(-4_000)));

  await report.step("every answer is one that the OpenAPI document describes", async () => {
    const schema = await writeDocument(api);
    const config = join(import.meta.dirname, "schemathesis.toml");
    const phases = ["--phases", "examples,coverage,fuzzing", "--max-examples", "150", "--seed", "1"];
    const options = ["--url", api, "--checks", "all", "--request-timeout", "30", "--continue-on-failure"];
    const command = [python, "-m", "schemathesis.cli", "--no-color", "--config-file", config, "run", schema] as const;
    const output = await run([...command, ...phases, ...options], { cwd: folder, timeoutMs }).catch(shortened);
    return /\d+ generated.*/.exec(output)?.[0];
  });
  await report.step("nothing that was asked made an error that the service doesn't know", async () => {
    const answer = await fetch(`${api}/readyz`);
    const errors = system.output.split("\n").filter((line) => /"level":"(error|fatal)"/.test(line));
    if (!answer.ok || errors.length > 0) throw new Error([`/readyz: ${answer.status}`, ...errors].join("\n"));
    return undefined;
  });
});

/** The service's own document, but that a body is sent as it is: Schemathesis would name an encoding and not encode. */
async function writeDocument(api: string): Promise<string> {
  const document = (await (await fetch(`${api}/api/v1/openapi.json`)).json()) as OpenApi;
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations)) delete operation.parameters;
  }
  const path = join(folder, "openapi.json");
  writeFileSync(path, JSON.stringify(document));
  return path;
}

/** A case's body may be a megabyte. */
function shortened(error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  throw new Error(text.replaceAll(/^(.{400}).+$/gm, "$1…"), { cause: undefined });
}
