import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
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
  overload: { seconds: 40, run: overload },
  swaps: { seconds: 50, run: swaps },
  growth: { seconds: 100, run: growth },
};

export interface RunOptions {
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
    const shared = { ...options, folder, children, store, questions, peers };
    const records: PartRecord[] = [];
    let isComplete = true;
    for (const name of options.parts) {
      if (signal.aborted) break;
      const record = new Recorder(name, loadavg()[0] ?? 0);
      records.push(record.record);
      const isDone = await runPart(name, { ...shared, record, step: (text) => progress.step(`${name}: ${text}`) });
      isComplete &&= isDone;
      progress.say([name, ...lines(record.record)].join("\n"));
    }
    return { records, questions: questions.source, isComplete: isComplete && !signal.aborted };
  } finally {
    await children.stopAll();
    await rm(folder, { recursive: true, force: true });
  }
}

async function runPart(name: PartName, bench: Bench): Promise<boolean> {
  try {
    await parts[name].run(bench);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    bench.record.note(bench.signal.aborted ? "interrupted" : `failed: ${reason}`);
    return false;
  }
}
