import { downloadManifest } from "@tagsmith/model-bundle/download";
import { versionId } from "@tagsmith/model-bundle/layout";
import { current, type Release } from "@tagsmith/model-bundle/release";
import { Slots } from "@tagsmith/model-bundle/slots";
import { FileFault } from "@tagsmith/question-files/row";
import { BulkFailure } from "./failure.ts";
import { sizes, type Job, type Sizes } from "./job.ts";
import { openParquet } from "./parquet-file.ts";
import { addressOf, nameIn, overlap } from "./place.ts";
import { assertSameInput, readPlan, writePlan, type Plan, type PlannedFile, type Shard } from "./plan.ts";
import { StoredFile } from "./stored-file.ts";
import { openText } from "./text-cut.ts";

/** Files that are read at once. */
const parallelFiles = 8;

/** A file that can be tagged. */
export interface ReadableFile extends Pick<PlannedFile, "format" | "header"> {
  /** Its parts, each of about so many bytes; reads a file of text to its end. */
  readonly cut: (partBytes: number) => Promise<Parts>;
}

export type Parts = readonly Omit<Shard, "file" | "part">[];

/** Of a folder full of bad files. */
const namedFaults = 20;

/**
 * Makes the plan of a job, or finds the one that was made before. Once all files are found to be such as can be tagged, it
 * reads each of text to its end: where a record of a CSV file begins depends on all that is before it.
 * @throws {BulkFailure} naming the objects that can't be read
 */
export async function planOf(job: Job, { shardBytes }: Pick<Sizes, "shardBytes"> = sizes): Promise<Plan> {
  const { input, output, stores } = job;
  const known = await knownPlan(job);
  if (known) return known;
  const model = await modelOf(job);
  const slots = new Slots(parallelFiles);
  const found = await filesOf(job);
  const opened = await Promise.all(found.map((file) => slots.run(() => openFile(job, file))));
  refuseFaults(opened.flatMap((file) => ("fault" in file ? [file.fault] : [])));
  const files = opened.flatMap((file) => ("fault" in file ? [] : [file]));
  const parts = await Promise.all(files.map(({ cut }) => slots.run(() => cut(shardBytes))));
  const plan: Plan = {
    schema_version: 2,
    input: addressOf(input),
    planned_at: new Date().toISOString(),
    model,
    files: files.map(({ file }) => file),
    shards: parts.flatMap((ofFile, file) => ofFile.map((part, number) => ({ file, part: number, ...part }))),
  };
  const first = await writePlan(stores.output, output, plan);
  assertSameInput(first, input, output);
  return first;
}

/** The model in use, which has to read text. */
async function modelOf({ stores: { models } }: Job): Promise<Release> {
  const release = await current(models);
  if (!release) throw new BulkFailure(`No model has been promoted in s3://${models.bucket}.`);
  const { input } = await downloadManifest(models, release);
  if (input.kind === "floats") throw new BulkFailure(`${versionId(release)} reads rows of numbers, and no questions.`);
  return release;
}

/**
 * The plan that was made before, if one was.
 * @throws {BulkFailure} where the output lies in the input, or holds a job of another one
 */
export async function knownPlan({ input, output, stores }: Job): Promise<Plan | undefined> {
  if (overlap(input, output)) throw new BulkFailure(`The output lies within the input, or the other way round.`);
  const known = await readPlan(stores.output, output);
  if (known) assertSameInput(known, input, output);
  return known;
}

type FoundFile = Pick<PlannedFile, "name" | "key">;

/** The object that the input is, or what lies in it as a folder, without empty objects and what is marked as no data. */
async function filesOf({ input, stores }: Job): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for await (const { key, bytes } of stores.input.list(input.path)) {
    const name = nameIn(input, key);
    if (name === undefined || bytes === 0 || /(^|\/)[._]/.test(name)) continue;
    if (key === input.path) return [{ name, key }];
    found.push({ name, key });
  }
  if (found.length === 0) {
    const others = "What is empty is none, nor what begins with _ or a dot.";
    throw new BulkFailure(`${addressOf(input)} has no files. ${others}`);
  }
  return found;
}

/** What the plan says of a file, and how it is cut; or why it can't be read. */
async function openFile({ stores }: Job, { name, key }: FoundFile) {
  try {
    const stored = await StoredFile.open(stores.input, key);
    const { format, header, cut } = await (/\.parquet$/i.test(name) ? openParquet(stored) : openText(stored));
    return { file: { name, key, bytes: stored.bytes, etag: stored.etag, format, header }, cut };
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    return { fault: `s3://${stores.input.bucket}/${key}: ${error.message}` };
  }
}

function refuseFaults(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const more = faults.length - namedFaults;
  throw new BulkFailure([...faults.slice(0, namedFaults), ...(more > 0 ? [`and ${more} more`] : [])].join("\n"));
}
