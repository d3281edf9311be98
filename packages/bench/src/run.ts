import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { messageOf } from "@tagsmith/model-bundle/errors";
import type { Bench } from "./bench.ts";
import { Children } from "./children.ts";
import { lines } from "./document.ts";
import type { PartName } from "./goals.ts";
import { batch } from "./parts/batch.ts";
import { growth } from "./parts/growth.ts";
import { large } from "./parts/large.ts";
import { memory } from "./parts/memory.ts";
import { overload } from "./parts/overload.ts";
import { rest } from "./parts/rest.ts";
import { start } from "./parts/start.ts";
import { swaps } from "./parts/swaps.ts";
import { telemetry } from "./parts/telemetry.ts";
import { trpc } from "./parts/trpc.ts";
import { workers } from "./parts/workers.ts";
import { Progress } from "./progress.ts";
import { findPeers } from "./programs.ts";
import { findQuestions } from "./questions.ts";
import { Recorder, type PartRecord } from "./record.ts";
import { Store } from "./store.ts";
import { findWrk } from "./wrk.ts";

interface Part {
  /** By experience, with the loads' usual length. */
  readonly seconds: number;
  readonly run: (bench: Bench) => Promise<void>;
}

const parts: Readonly<Record<PartName, Part>> = {
  rest: { seconds: 90, run: rest },
  trpc: { seconds: 45, run: trpc },
  batch: { seconds: 25, run: batch },
  start: { seconds: 25, run: start },
  memory: { seconds: 10, run: memory },
  large: { seconds: 40, run: large },
  workers: { seconds: 25, run: workers },
  telemetry: { seconds: 85, run: telemetry },
  overload: { seconds: 40, run: overload },
  swaps: { seconds: 50, run: swaps },
  growth: { seconds: 100, run: growth },
};

interface RunOptions {
  readonly parts: readonly PartName[];
  /** Keeps models that take long to make. */
  readonly folder: string;
  readonly questions: string | undefined;
  readonly seconds: number;
  readonly rounds: number;
  readonly swaps: number;
  readonly signal: AbortSignal;
  readonly output: NodeJS.WriteStream;
}

export interface Run {
  /** What was measured, also of a part that failed or was interrupted. */
  readonly records: readonly PartRecord[];
  readonly questions: string;
  readonly isComplete: boolean;
}

/** Measures one part after the other. A part that fails is noted, and the next one goes on. */
export async function run(options: RunOptions): Promise<Run> {
  const { signal, output } = options;
  const children = new Children(signal);
  await findWrk(children);
  await mkdir(options.folder, { recursive: true });
  const folder = await mkdtemp(join(options.folder, "run-"));
  const progress = new Progress(output, options.parts.reduce((sum, name) => sum + parts[name].seconds, 10)); // prettier-ignore
  try {
    progress.step("the embedded S3");
    const store = await Store.start(children, join(options.folder, "s3"));
    const peers = findPeers();
    const questions = await findQuestions(children, { file: options.questions, peers, folder });
    progress.say(`${questions.source}${peers === undefined ? "; peer not present" : ""}`);
    const shared = { ...options, folder, store, questions, peers };
    const records: PartRecord[] = [];
    const ends = new Set<End>();
    for (const name of options.parts) {
      const { record, end } = await runPart(name, shared, (text) => progress.step(`${name}: ${text}`));
      ends.add(end);
      // What an interruption left empty doesn't take the place of an earlier run's.
      if (end !== "interrupted" || record.figures.length > 0) records.push(record);
      progress.say([name, ...lines(record)].join("\n"));
      if (end === "interrupted") break;
    }
    return { records, questions: questions.source, isComplete: ends.size === 1 && ends.has("done") };
  } finally {
    await children.stopAll();
    await rm(folder, { recursive: true, force: true });
  }
}

type End = "done" | "failed" | "interrupted";

/** One part; whatever it has started and left running ends with it. */
async function runPart(
  name: PartName,
  shared: Omit<Bench, "children" | "record" | "step">,
  step: Bench["step"],
): Promise<{ record: PartRecord; end: End }> {
  const { signal } = shared;
  const children = new Children(signal);
  const recorder = new Recorder(name, loadavg()[0] ?? 0);
  const { record } = recorder;
  try {
    await parts[name].run({ ...shared, children, record: recorder, step });
    return { record, end: "done" };
  } catch (error) {
    recorder.note(signal.aborted ? "interrupted" : `failed: ${messageOf(error)}`);
    return { record, end: signal.aborted ? "interrupted" : "failed" };
  } finally {
    await children.stopAll();
  }
}
