import { availableParallelism, tmpdir } from "node:os";
import { bucketName, describeVariables, type Environment, given } from "@tagsmith/model-bundle/environment";
import { storeOptions } from "@tagsmith/model-bundle/store-options";
import { ModelStore } from "@tagsmith/model-bundle/store";
import * as z from "zod";
import { BulkFailure } from "./failure.ts";
import type { Job } from "./job.ts";
import { parsePlace } from "./place.ts";

const schema = z.object({
  INPUT: z.string({ error: "names what to tag, as s3://bucket/folder" }).transform(parsePlace),
  OUTPUT: z.string({ error: "names where to, as s3://bucket/folder" }).transform(parsePlace),
  MODEL_BUCKET: bucketName,
  /** Tasks that run at once, among which what is left is shared out. */
  TASKS: z.coerce.number().int().min(1).default(1),
  SHARDS: z
    .string()
    .regex(/^\d+(,\d+)*$/, "numbers with commas between")
    .transform((text) => text.split(",").map(Number))
    .default([]),
  /** Where the model and results are put while they are used. */
  MODEL_FOLDER: z.string().min(1).default(tmpdir()),
  /** Threads for a model too heavy for the main one. */
  MODEL_WORKERS: z.coerce.number().int().min(1).default(availableParallelism()),
});

export interface TaskConfig {
  readonly job: Job;
  readonly tasks: number;
  readonly shards: readonly number[];
  readonly folder: string;
  readonly workers: number;
}

/**
 * A task's settings.
 * @throws {BulkFailure} that names every bad variable
 */
export function readConfig(variables: Environment = process.env): TaskConfig {
  const set = given(variables);
  const { success, data: env, error } = schema.safeParse(set);
  if (!success) throw new BulkFailure(describeVariables(error));
  const storeOf = (bucket: string) => new ModelStore(storeOptions(bucket, set));
  const stores = {
    input: storeOf(env.INPUT.bucket),
    output: storeOf(env.OUTPUT.bucket),
    models: storeOf(env.MODEL_BUCKET),
  };
  return {
    job: { input: env.INPUT, output: env.OUTPUT, stores },
    tasks: env.TASKS,
    shards: env.SHARDS,
    folder: env.MODEL_FOLDER,
    workers: env.MODEL_WORKERS,
  };
}

/** What a child process starts with: our own environment and `variables` over it. */
export function childEnv(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...variables };
}
