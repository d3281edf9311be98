import { isBundleError } from "@tagsmith/model-bundle/errors";
import { MAX_TEXT_BYTES, type ModelStore } from "@tagsmith/model-bundle/store";
import { cursorSchema } from "@tagsmith/question-files/cursor";
import { counted } from "@tagsmith/question-files/question";
import * as z from "zod";
import { BulkFailure } from "./failure.ts";
import { planKey } from "./layout.ts";
import { addressOf, type Place } from "./place.ts";

const count = z.int().min(0);

const file = z.object({
  /** Below the input, or the object's own name. */
  name: z.string(),
  key: z.string(),
  bytes: count,
  etag: z.string(),
  format: z.discriminatedUnion("kind", [
    ...cursorSchema.shape.format.options,
    z.object({ kind: z.literal("parquet") }),
  ]),
  /** What stands above the rows of a result. */
  header: z.string(),
});

const shard = z.object({
  /** Which of the files, and which part of it. */
  file: count,
  part: count,
  /** So many of the file's rows are before it. */
  rowsBefore: count,
  rows: count,
  /** Where they stand in a file of text: the first byte, and the one behind the last. */
  start: count.optional(),
  end: count.optional(),
});

const schema = z.object({
  /** Another where results have other columns: a plan's header and its tasks' rows belong together. */
  schema_version: z.literal(2),
  input: z.string(),
  planned_at: z.iso.datetime(),
  model: z.object({ name: z.string(), version: z.string(), manifestSha256: z.string() }),
  files: z.array(file),
  shards: z.array(shard),
});

/** What a job consists of, made once: the objects as they were then, cut into shards, and the one model for all of them. */
export type Plan = z.infer<typeof schema>;
export type PlannedFile = Plan["files"][number];
export type Shard = Plan["shards"][number];

export const rowsOf = ({ shards }: Pick<Plan, "shards">): number => shards.reduce((sum, { rows }) => sum + rows, 0);

/** Undefined where none has been made. @throws {BulkFailure} for what is no plan */
export async function readPlan(store: ModelStore, output: Place): Promise<Plan | undefined> {
  const key = planKey(output);
  const text = await readIfThere(store, key);
  if (text === undefined) return undefined;
  const { data } = schema.safeParse(parsed(text));
  if (!data) throw new BulkFailure(`s3://${store.bucket}/${key} is no plan of this version. Choose another output.`);
  return data;
}

/**
 * The plan that counts afterwards: another's, where two were made at once.
 * @throws {BulkFailure} for one that no task could read
 */
export async function writePlan(store: ModelStore, output: Place, plan: Plan): Promise<Plan> {
  const text = JSON.stringify(plan);
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) {
    const size = `${counted(plan.files.length, "file")} in ${counted(plan.shards.length, "shard")}`;
    throw new BulkFailure(`${plan.input} is too much for one job: ${size}. Give it as several, a folder each.`);
  }
  try {
    await store.write(planKey(output), text, { ifAbsent: true });
    return plan;
  } catch (error) {
    const first = isBundleError(error, "precondition_failed") && (await readPlan(store, output));
    if (first) return first;
    throw error;
  }
}

/** @throws {BulkFailure} where the output holds a job of another input */
export function assertSameInput({ input }: Plan, wanted: Place, output: Place): void {
  if (input === addressOf(wanted)) return;
  throw new BulkFailure(`${addressOf(output)} holds the results of ${input}. Choose another output.`);
}

export async function readIfThere(store: ModelStore, key: string): Promise<string | undefined> {
  try {
    return (await store.readText(key)).text;
  } catch (error) {
    if (isBundleError(error, "not_found")) return undefined;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
