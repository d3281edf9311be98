import type { Cursor } from "./cursor.ts";
import { openCsv, reopenCsv } from "./csv.ts";
import { openJsonl } from "./jsonl.ts";
import { FileFault, type Row } from "./row.ts";
import { refusalOf, TextBytes } from "./text.ts";

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
  const refusal = refusalOf(firstBytes);
  if (refusal !== undefined) throw new FileFault(refusal);
  const begin = firstBytes.toString("utf8").trimStart(); // it trims a byte order mark, too
  if (begin === "") throw new FileFault("The file is empty.");
  if (/^\[\s*\{/.test(begin)) throw new FileFault("This is a JSON array. Give each of its objects a line of its own.");
  const text = new TextBytes(again(firstBytes, source), isWhole);
  return begin.startsWith("{") ? openJsonl(text, 0) : openCsv(text, firstBytes);
}

async function* again(first: Uint8Array, rest: AsyncIterator<Uint8Array, unknown>) {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}
