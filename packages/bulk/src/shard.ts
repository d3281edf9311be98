import { open, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onDisk } from "@tagsmith/model-bundle/disk";
import { isBundleError } from "@tagsmith/model-bundle/errors";
import { openFile } from "@tagsmith/question-files/open";
import { counted } from "@tagsmith/question-files/question";
import { FileFault, type RowFault } from "@tagsmith/question-files/row";
import * as z from "zod";
import { BulkFailure } from "./failure.ts";
import type { Job } from "./job.ts";
import { doneKey, failuresKey, resultsKey } from "./layout.ts";
import { readParquet, writeParquet, type ParquetRow } from "./parquet-file.ts";
import { readIfThere, type Plan, type PlannedFile, type Shard } from "./plan.ts";
import { StoredFile } from "./stored-file.ts";
import { tagAll, type Model, type Tagged } from "./tagger.ts";
import { pieceOf } from "./text-cut.ts";

const count = z.int().min(0);
const doneSchema = z.object({ shard: count, results: z.string(), tagged: count, failed: count });

/** What came of a shard; once it is in the store, so is everything else of the shard. */
export type Done = z.infer<typeof doneSchema>;

export async function readDone({ output, stores }: Job, shard: number): Promise<Done | undefined> {
  const text = await readIfThere(stores.output, doneKey(output, shard));
  return text === undefined ? undefined : doneSchema.parse(JSON.parse(text));
}

interface Work {
  readonly job: Job;
  readonly plan: Plan;
  readonly model: Model;
  /** For a result while it is made. */
  readonly folder: string;
}

/**
 * Tags the rows of a shard, unless that is done. Its results are one object, written whole where there is none: whoever
 * comes second, after a crash or at the same time, leaves what the first has written.
 * @throws {BulkFailure} naming the part whose rows can't be read, or are not those that were planned
 */
export async function tagShard(work: Work, index: number): Promise<Done> {
  const { job, plan, folder } = work;
  const { output, stores } = job;
  const known = await readDone(job, index);
  if (known) return known;
  const shard = plan.shards[index];
  const file = plan.files[shard?.file ?? -1];
  if (!shard || !file) throw new BulkFailure(`The plan has ${plan.shards.length} shards, and none of number ${index}.`);
  const path = join(folder, `${index}`);
  const place = `s3://${stores.input.bucket}/${file.key}, part ${shard.part}`;
  const faults: RowFault[] = [];
  try {
    const tagged = await writeResults({ ...work, file, shard }, { path, faults });
    if (tagged + faults.length !== shard.rows) {
      const found = `${counted(tagged + faults.length, "row")}, where ${shard.rows} were planned`;
      throw new BulkFailure(`${place}: ${found}.`);
    }
    const results = resultsKey(output, file, shard);
    await unlessThere(stores.output.writeFile(results, { path, bytes: (await stat(path)).size }, { ifAbsent: true }));
    const lines = faults.map((fault) => `${JSON.stringify({ file: file.key, ...fault })}\n`).join("");
    const failures = failuresKey(output, file, shard);
    if (lines) await unlessThere(stores.output.write(failures, lines, { ifAbsent: true }));
    const done: Done = { shard: index, results, tagged, failed: faults.length };
    await unlessThere(stores.output.write(doneKey(output, index), JSON.stringify(done), { ifAbsent: true }));
    return done;
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    throw new BulkFailure(`${place}: ${error.message}`, { cause: error });
  } finally {
    await rm(path, { force: true });
  }
}

async function unlessThere(write: Promise<void>): Promise<void> {
  await write.catch((error: unknown) => {
    if (!isBundleError(error, "precondition_failed")) throw error;
  });
}

interface Results {
  readonly path: string;
  readonly faults: RowFault[];
}

interface Part extends Work {
  readonly file: PlannedFile;
  readonly shard: Shard;
}

/** Writes the part of a file that stands for the shard. Resolves to how many rows have tags; `faults` are the others. */
async function writeResults({ job, file, shard, model }: Part, { path, faults }: Results): Promise<number> {
  const stored = new StoredFile(job.stores.input, file);
  let tagged = 0;
  const count = <T>(rows: readonly Tagged<T>[]) => {
    for (const { outcome } of rows) {
      if ("fault" in outcome) faults.push(outcome.fault);
      else tagged += 1;
    }
    return rows;
  };
  if (file.format.kind === "parquet") {
    const { rows, schema } = await readParquet(stored, shard);
    const all: Tagged<ParquetRow>[] = [];
    for await (const batch of tagAll(rows, model)) all.push(...count(batch));
    const file = await writeParquet(schema, all);
    await onDisk(path, () => writeFile(path, file));
    return tagged;
  }
  const { start = 0, end = 0, rowsBefore } = shard;
  const bytes = pieceOf(await stored.read({ start, end: end - 1 }));
  const { rows } = await openFile({ bytes, isWhole: true, cursor: { row: rowsBefore, format: file.format } });
  const to = await onDisk(path, () => open(path, "w"));
  // Not `write`, which resolves where the disk has taken a part only.
  const write = (text: string) => onDisk(path, () => to.writeFile(text));
  try {
    await write(file.header);
    for await (const batch of tagAll(rows, model)) {
      await write(
        count(batch)
          .map(({ print, outcome }) => print(outcome))
          .join(""),
      );
    }
  } finally {
    await to.close();
  }
  return tagged;
}
