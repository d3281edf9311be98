import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { format } from "prettier";
import { Children } from "../children.ts";
import { describeCommit } from "../commit.ts";
import { fillDocument } from "../document.ts";
import { interruption } from "../interruption.ts";
import { findPeers } from "../programs.ts";
import { Progress } from "../progress.ts";
import { findQuestions } from "../questions.ts";
import { describeMachine } from "../report.ts";
import { Store } from "../store.ts";
import { capacityChart, type CapacityReport, tables } from "./capacity-report.ts";
import { measure, type Point, sizes } from "./measure.ts";

const usage = `npm run bench:capacity -- [--plan] [--questions FILE] [--seconds N]

  --plan       work the plan out of the last measurement, without a new one
  --questions  JSON lines of {"title", "body"} to load with
  --seconds    of each rate that is tried, 6 unless given

Results go to bench/capacity.json and docs/capacity.md. Needs Linux, root's rights and vegeta.`;

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const reportFile = join(root, "bench/capacity.json");
const document = join(root, "docs/capacity.md");
/** By experience: a search takes ten rates. */
const triesOfSearch = 12;

class UsageError extends Error {}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) {
    console.log(usage);
    return;
  }
  const { isPlan, questions, seconds } = options;
  const report = isPlan ? await readReport() : await measureAll({ file: questions, seconds });
  await writeFile(reportFile, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(root, "bench/capacity.svg"), await capacityChart(report.points));
  const filled = fillDocument(await readFile(document, "utf8"), await tables(report));
  await writeFile(document, await format(filled, { parser: "markdown", printWidth: 120 }));
  console.error("Report: bench/capacity.json, docs/capacity.md.");
}

async function readReport(): Promise<CapacityReport> {
  return JSON.parse(await readFile(reportFile, "utf8")) as CapacityReport;
}

async function measureAll({ file, seconds }: { file: string | undefined; seconds: number }): Promise<CapacityReport> {
  const signal = interruption();
  const children = new Children(signal);
  const folder = await mkdtemp(join(tmpdir(), "tagsmith-capacity-"));
  const progress = new Progress(process.stderr, sizes.length * triesOfSearch * seconds);
  try {
    await mkdir(join(folder, "s3"));
    const store = await Store.start(children, join(folder, "s3"));
    const peers = findPeers();
    const questions = await findQuestions(children, { file, peers, folder });
    const step = (text: string) => progress.step(text);
    const bench = { children, folder, store, questions, seconds, step };
    const points: Point[] = [];
    for (const size of sizes) {
      const point = await measure(bench, size);
      progress.say(
        `${point.service}, ${point.cpus} vCPU: ${point.perSecond} requests/s, p99 ${point.p99Ms.toFixed(0)} ms`,
      );
      points.push(point);
    }
    const at = new Date().toISOString();
    const about = { machine: describeMachine(), node: process.version, commit: describeCommit(root), at };
    return { ...about, questions: questions.source, seconds, points };
  } finally {
    await children.stopAll();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Undefined for `--help`. */
function readOptions() {
  const { values } = parseArgs({
    options: {
      plan: { type: "boolean", default: false },
      questions: { type: "string" },
      seconds: { type: "string", default: "6" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return undefined;
  if (!/^[1-9]\d{0,2}$/.test(values.seconds))
    throw new UsageError(`--seconds ${values.seconds} is not a whole number.`);
  return { isPlan: values.plan, questions: values.questions, seconds: Number(values.seconds) };
}

main().catch((error: unknown) => {
  if (error instanceof UsageError || (error instanceof TypeError && "code" in error)) {
    console.error(`${error.message}\n\n${usage}`);
  } else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
