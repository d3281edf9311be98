import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { format } from "prettier";
import { describeCommit } from "./commit.ts";
import { fillDocument, tables } from "./document.ts";
import { partNames, type PartName } from "./goals.ts";
import { interruption } from "./interruption.ts";
import { describeMachine, merge, readParts, writeReport, type Report } from "./report.ts";
import { run } from "./run.ts";

const usage = `npm run bench -- [PART...] [--questions FILE] [--seconds N] [--rounds N] [--swaps N]

  PART         what to measure: ${partNames.join(", ")}; all of it unless given
  --questions  JSON lines of {"title", "body"} to load with
  --seconds    of each load, 3 unless given
  --rounds     how often each pair of loads is repeated, 3 unless given
  --swaps      of models under load, 50 unless given

Ctrl-C ends it, and keeps what has been measured. Results go to bench/ and docs/performance.md.`;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const output = join(root, "bench");
const document = join(root, "docs/performance.md");
/** Kept between runs; holds some 4 GB once all sizes have been measured. */
const kept = join(tmpdir(), "tagsmith-bench");

class UsageError extends Error {}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) {
    console.log(usage);
    return;
  }
  const { records, questions, isComplete } = await run({
    ...options,
    folder: kept,
    signal: interruption(),
    output: process.stderr,
  });
  const { seconds, rounds } = options;
  const commit = describeCommit(root);
  const parts = merge(await readParts(output), records);
  const report: Report = {
    machine: describeMachine(),
    node: process.version,
    commit,
    questions,
    seconds,
    rounds,
    parts,
  };
  await writeReport(output, report);
  const filled = fillDocument(await readFile(document, "utf8"), tables(report));
  await writeFile(document, await format(filled, { parser: "markdown", printWidth: 120 }));
  console.error(`Report: bench/report.json, docs/performance.md. Large models are kept in ${kept} for the next run.`);
  if (!isComplete) process.exitCode = 1;
}

/** Undefined for `--help`. */
function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      questions: { type: "string" },
      seconds: { type: "string", default: "3" },
      rounds: { type: "string", default: "3" },
      swaps: { type: "string", default: "50" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return undefined;
  const unknown = positionals.find((name) => !(partNames as readonly string[]).includes(name));
  if (unknown !== undefined) throw new UsageError(`There is no part ${unknown}.`);
  const chosen = partNames.filter((name) => positionals.length === 0 || positionals.includes(name));
  const number = (name: "seconds" | "rounds" | "swaps"): number => {
    if (!/^[1-9]\d{0,3}$/.test(values[name])) throw new UsageError(`--${name} ${values[name]} is not a whole number.`);
    return Number(values[name]);
  };
  return {
    parts: chosen satisfies PartName[],
    questions: values.questions,
    seconds: number("seconds"),
    rounds: number("rounds"),
    swaps: number("swaps"),
  };
}

main().catch((error: unknown) => {
  if (error instanceof UsageError || (error instanceof TypeError && "code" in error)) {
    console.error(`${error.message}\n\n${usage}`);
  } else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
