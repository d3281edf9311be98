import { headerRecords } from "@tagsmith/question-files/csv";
import { limits } from "@tagsmith/question-files/limits";
import { openFile, type OpenFile } from "@tagsmith/question-files/open";
import type { Parts, ReadableFile } from "./planner.ts";
import { CsvScanner, LineScanner } from "./record-scanner.ts";
import type { StoredFile } from "./stored-file.ts";

const pieceBytes = 8 * 2 ** 20;
/** As far as the reader looks into a record that is suspiciously long. */
const windowBytes = 4 * limits.rowBytes;

/** @throws {FileFault} for a file that has no header, or is none of text */
export async function openText(file: StoredFile): Promise<ReadableFile> {
  const { format, header } = await openFile({
    bytes: pieceOf(await beginningAt(file, 0)),
    isWhole: file.bytes <= windowBytes,
  });
  return { format, header, cut: (partBytes) => cutText(file, { format, header }, partBytes) };
}

type TextFile = Pick<OpenFile, "format" | "header">;

/**
 * Cuts a file where records end, into parts of about so many bytes. Where a record can't be read, what follows it
 * can't be either: that record is a part of its own, and the last.
 */
async function cutText(file: StoredFile, { format, header }: TextFile, partBytes: number): Promise<Parts> {
  const scanner = format.kind === "csv" ? new CsvScanner(format.delimiter) : new LineScanner();
  const parts = new Cut(partBytes, format.kind === "csv" ? headerRecords(header) : 0);
  const breaksOff = async (end: number): Promise<boolean> => {
    if (end - parts.end <= limits.rowBytes || !(await isUnreadable(file, parts.end, format))) return false;
    parts.addAlone(Math.min(parts.end + windowBytes, file.bytes));
    return true;
  };
  let read = 0;
  for await (const piece of file.pieces(0, pieceBytes)) {
    for (const end of scanner.ends(piece)) {
      if (await breaksOff(end)) return parts.all;
      parts.add(end);
    }
    read += piece.length;
    if (await breaksOff(read)) return parts.all;
  }
  if (scanner.isOpen) parts.add(file.bytes);
  return parts.all;
}

/** The parts of a file, from where its records end. */
class Cut {
  readonly all: { rowsBefore: number; rows: number; start: number; end: number }[] = [];
  /** Of the last record. */
  end = 0;
  readonly #bytes: number;
  /** Records that come first and are no rows. */
  #above: number;

  constructor(bytes: number, above: number) {
    this.#bytes = bytes;
    this.#above = above;
  }

  add(end: number): void {
    const last = this.all.at(-1);
    if (this.#above > 0) this.#above -= 1;
    else if (!last || last.end - last.start >= this.#bytes) this.addAlone(end);
    else {
      last.rows += 1;
      last.end = end;
    }
    this.end = end;
  }

  addAlone(end: number): void {
    const last = this.all.at(-1);
    this.all.push({ rowsBefore: last ? last.rowsBefore + last.rows : 0, rows: 1, start: this.end, end });
    this.end = end;
  }
}

/** What the reader will say of these very bytes. */
async function isUnreadable(file: StoredFile, start: number, format: OpenFile["format"]) {
  const bytes = pieceOf(await beginningAt(file, start));
  const { rows } = await openFile({ bytes, isWhole: true, cursor: { row: 0, format } });
  for await (const { isLast } of rows) return isLast ?? false;
  return false;
}

const beginningAt = (file: StoredFile, start: number) =>
  file.read({ start, end: Math.min(start + windowBytes, file.bytes) - 1 });

export async function* pieceOf(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield await Promise.resolve(bytes);
}
