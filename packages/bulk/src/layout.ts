import type { PlannedFile, Shard } from "./plan.ts";
import { keyIn, type Place } from "./place.ts";

/** Where things are in the output. What begins with an underscore is left out by Athena, Spark and the like. */
export const planKey = (output: Place) => keyIn(output, "_bulk/plan.json");
export const queueKey = (output: Place) => keyIn(output, "_bulk/queue.json");
export const donePrefix = (output: Place) => keyIn(output, "_bulk/done/");
export const manifestKey = (output: Place) => keyIn(output, "_manifest.json");

export const doneKey = (output: Place, shard: number) => `${donePrefix(output)}${shard}.json`;
export const shardOfDone = (key: string) => Number(/(\d+)\.json$/.exec(key)?.[1]);

export const resultsKey = (output: Place, { name, format }: PlannedFile, shard: Shard) =>
  keyIn(output, `results/${name}/${numbered(shard)}.${format.kind}`);

export const failuresKey = (output: Place, { name }: PlannedFile, shard: Shard) =>
  keyIn(output, `failures/${name}/${numbered(shard)}.jsonl`);

const numbered = ({ part }: Shard) => String(part).padStart(5, "0");
