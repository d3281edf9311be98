import * as z from "zod";
import { limits } from "./limits.ts";

export const cursorSchema = z.object({
  /** How many rows were read. */
  row: z.int().min(0),
  format: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("jsonl") }),
    z.object({
      kind: z.literal("csv"),
      columns: z.array(z.string()).min(1).max(limits.columns),
      delimiter: z.enum([",", ";", "\t"]),
    }),
  ]),
});

/** What has to be known to read a file on from the middle. */
export type Cursor = z.infer<typeof cursorSchema>;

export type CsvFormat = Extract<Cursor["format"], { kind: "csv" }>;

/** Undefined for what is no cursor of ours. */
export function parseCursor(text: string): Cursor | undefined {
  try {
    return cursorSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
