import { downloadManifest } from "@tagsmith/model-bundle/download";
import { versionId } from "@tagsmith/model-bundle/layout";
import { current, type Release } from "@tagsmith/model-bundle/release";
import { Slots } from "@tagsmith/model-bundle/slots";
import { FileFault } from "@tagsmith/question-files/row";
import { BulkFailure } from "./failure.ts";
import { sizes, type Job, type Sizes } from "./job.ts";
import { cutParquet } from "./parquet-file.ts";
import { addressOf, nameIn, overlap } from "./place.ts";
import { assertSameInput, readPlan, writePlan, type Plan, type PlannedFile, type Shard } from "./plan.ts";
import { StoredFile } from "./stored-file.ts";
import { cutText } from "./text-cut.ts";

/** Files that are read at once. */
const parallelFiles = 8;

/** A file, and its parts. */
export interface CutFile extends Pick<PlannedFile, "format" | "header"> {
  readonly parts: readonly Omit<Shard, "file" | "part">[];
}

/**
 * Makes the plan of a job, or finds the one that was made before. Reads each file of text once to its end: where a record
 * of a CSV file begins depends on all that is before it.
 * @throws {BulkFailure} naming the object that can't be read
 */
export async function planOf(job: Job, { shardBytes }: Pick<Sizes, "shardBytes"> = sizes): Promise<Plan> {
  const { input, output, stores } = job;
  const known = await knownPlan(job);
  if (known) return known;
  const model = await modelOf(job);
  const slots = new Slots(parallelFiles);
  const found = await filesOf(job);
  const cut = await Promise.all(found.map((file) => slots.run(() => cutFile(job, file, shardBytes))));
  const plan: Plan = {
    schema_version: 2,
    input: addressOf(input),
    planned_at: new Date().toISOString(),
    model,
    files: cut.map(({ file }) => file),
    shards: cut.flatMap(({ parts }, file) => parts.map((part, number) => ({ file, part: number, ...part }))),
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

async function cutFile({ stores }: Job, { name, key }: FoundFile, shardBytes: number) {
  try {
    const stored = await StoredFile.open(stores.input, key);
    const cut = /\.parquet$/i.test(name) ? await cutParquet(stored) : await cutText(stored, shardBytes);
    const { format, header, parts } = cut satisfies CutFile;
    return { file: { name, key, bytes: stored.bytes, etag: stored.etag, format, header }, parts };
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    throw new BulkFailure(`s3://${stores.input.bucket}/${key}: ${error.message}`, { cause: error });
  }
}
