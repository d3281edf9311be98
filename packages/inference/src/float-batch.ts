import * as z from "zod";
import { limits } from "./limits.ts";
import { required } from "./schemas.ts";

/** The largest number that the model's single precision holds. */
const largestFloat = 3.4028234663852886e38;

export const floatBatch = z.object({
  inputs: z
    .array(z.array(z.number().min(-largestFloat).max(largestFloat).nullable()), required)
    .min(1)
    .max(limits.batchQuestions)
    .meta({
      description: "Rows of numbers, each as long as the model reads them; null where one is missing.",
      example: [[5.1, 3.5, 1.4, 0.2]],
    }),
});

/** What is looked at of a batch from its first number on that is wrong, beside the first one of each row. */
const faultyNumbers = 256;

/**
 * The same, and no number of it is looked at by zod unless one is wrong: that would hold up everybody several times as
 * long as reading the JSON. Then rows are cut short where they are wrong: zod would note millions of numbers in gigabytes.
 */
export const floatBatchCut = z.custom<z.infer<typeof floatBatch>>().superRefine((given: unknown, context) => {
  if (isFaultless(given)) return;
  for (const issue of floatBatch.safeParse(cutRows(given)).error?.issues ?? []) context.addIssue({ ...issue });
});

function isFaultless(given: unknown): boolean {
  const rows = rowsOf(given) ?? [];
  const isRow = (row: unknown) => Array.isArray(row) && !row.some(isFaulty);
  return rows.length > 0 && rows.length <= limits.batchQuestions && rows.every(isRow);
}

function cutRows(given: unknown): unknown {
  const rows = rowsOf(given);
  if (!rows) return given;
  let left = faultyNumbers;
  const cutFaulty = (row: unknown): unknown => {
    const first = Array.isArray(row) ? row.findIndex(isFaulty) : -1;
    if (!Array.isArray(row) || first < 0) return row;
    const cut: unknown[] = row.slice(0, first + Math.max(1, left));
    left -= cut.length - first;
    return cut;
  };
  return { inputs: rows.slice(0, limits.batchQuestions + 1).map(cutFaulty) };
}

function rowsOf(given: unknown): readonly unknown[] | undefined {
  if (typeof given !== "object" || given === null || !("inputs" in given)) return undefined;
  return Array.isArray(given.inputs) ? given.inputs : undefined;
}

const isFaulty = (value: unknown) =>
  value !== null && (typeof value !== "number" || !(Math.abs(value) <= largestFloat));
