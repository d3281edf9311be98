import type { Cursor } from "./cursor.ts";
import { openCsv, reopenCsv } from "./csv.ts";
import { openJsonl } from "./jsonl.ts";
import { FileFault, type Row } from "./row.ts";
import { isPacked, isUtf16, notUtf8, packed, TextBytes } from "./text.ts";

/** A file of questions, read as far as its header. */
export interface OpenFile {
  readonly format: Cursor["format"];
  /** What stands above the rows of the result. */
  readonly header: string;
  readonly rows: AsyncGenerator<Row, void, undefined>;
}

export interface Source {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Where an earlier part ended; absent at a file's beginning. */
  readonly cursor?: Cursor | undefined;
  /** Nothing follows. Otherwise a row that doesn't end here is left for the next part. */
  readonly isWhole: boolean;
}

/**
 * Opens a file of comma-separated values or of JSON lines: what begins with a brace is the latter.
 * Throws `FileFault` for what can't be read at all.
 */
export async function openFile({ bytes, cursor, isWhole }: Source): Promise<OpenFile> {
  if (cursor) {
    const text = new TextBytes(bytes, isWhole);
    const { format, row } = cursor;
    return format.kind === "csv" ? reopenCsv(text, format, row) : openJsonl(text, row);
  }
  const source = bytes[Symbol.asyncIterator]();
  const first = await source.next();
  const firstBytes = Buffer.from(first.done ? [] : first.value);
  if (isPacked(firstBytes)) throw new FileFault(packed);
  if (isUtf16(firstBytes)) throw new FileFault(notUtf8);
  const start = /\S/.exec(firstBytes.toString("utf8"))?.[0]; // JavaScript counts a byte order mark among the spaces
  if (start === undefined) throw new FileFault("The file is empty.");
  const text = new TextBytes(again(firstBytes, source), isWhole);
  return start === "{" ? openJsonl(text, 0) : openCsv(text, firstBytes);
}

async function* again(first: Uint8Array, rest: AsyncIterator<Uint8Array, unknown>) {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}
