import type { SliceResult } from "../../app/bulk.ts";
import type { Failure } from "../../app/failure.ts";
import type { Ask } from "./ask.ts";
import type { Cursor } from "@tagsmith/question-files/cursor";
import { openFile, type Source } from "@tagsmith/question-files/open";
import { tagRows } from "./tag-rows.ts";

/** Tags the rows that end within a part of a file, as far as the service answers. Throws `FileFault`. */
export async function tagSlice(source: Source, ask: Ask): Promise<SliceResult> {
  const { format, header, rows } = await openFile(source);
  const texts = [header];
  const faults = [];
  const from = source.cursor?.row ?? 0;
  let row = from;
  let consumedBytes = 0;
  let isBroken = false;
  let failure: Failure | undefined;
  for await (const tagged of tagRows(rows, ask)) {
    failure = tagged.failure;
    if (failure) break;
    texts.push(tagged.text);
    if (tagged.fault) faults.push(tagged.fault);
    row += 1;
    consumedBytes = tagged.end;
    isBroken = tagged.isLast;
  }
  // Without a row, the header was not used up either.
  const isBegun = row > from || source.cursor !== undefined;
  const cursor = isBegun ? JSON.stringify({ row, format } satisfies Cursor) : "";
  const text = isBegun || (source.isWhole && !failure) ? texts.join("") : "";
  return { text, rows: row - from, faults, consumedBytes, cursor, isBroken, ...(failure && { failure }) };
}
