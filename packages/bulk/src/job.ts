import type { ModelStore } from "@tagsmith/model-bundle/store";
import type { Place } from "./place.ts";

/** Where a job's questions are, where its results go, and where its model is from. */
export interface Job {
  readonly input: Place;
  readonly output: Place;
  readonly stores: { readonly input: ModelStore; readonly output: ModelStore; readonly models: ModelStore };
}

export interface Sizes {
  /** A shard of text ends with the record that reaches this. */
  readonly shardBytes: number;
  /** At most, of a row group of Parquet: as objects of JavaScript's, one task can hold so many. */
  readonly shardRows: number;
  /** What one task is given, or as much in smaller ones. */
  readonly shardsPerTask: number;
}

/** About ten seconds of one core for the shipped model: little is lost when a task is, and much is gained by each request. */
export const sizes: Sizes = { shardBytes: 32 * 2 ** 20, shardRows: 100_000, shardsPerTask: 12 };
