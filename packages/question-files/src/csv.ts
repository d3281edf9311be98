import { stringify } from "csv-stringify/sync";
import { contentOf, isNamed } from "./content.ts";
import { recordsOf, type CsvRecord, type Records } from "./csv-records.ts";
import type { CsvFormat } from "./cursor.ts";
import { limits } from "./limits.ts";
import { counted, grouped } from "./question.ts";
import { addedColumns, addedTo, FileFault, freeName, type Outcome, type Row } from "./row.ts";
import type { OpenFile } from "./open.ts";
import { notUtf8, type TextBytes } from "./text.ts";

/** How spreadsheets are told what stands between the columns, in a line above their names: `sep=;`. */
const delimiterLine = /^\ufeff?"?sep=([,;\t])"?[\r\n]/i;

/** How many records of a file are no rows, by the header of its result. */
export const headerRecords = (header: string): number => (delimiterLine.test(header) ? 2 : 1);

/** Reads the header and makes the rest ready to be read. Throws `FileFault` where it has no column of titles. */
export async function openCsv(bytes: TextBytes, firstBytes: Buffer): Promise<OpenFile> {
  const begin = firstBytes.toString("utf8");
  const isTold = delimiterLine.test(begin);
  const delimiter = delimiterOf(begin);
  const all = recordsOf(bytes, delimiter, { isStart: true });
  const records = all[Symbol.asyncIterator]();
  if (isTold) await records.next();
  const first = await records.next();
  const columns = columnsOf(first.done ? undefined : first.value, bytes);
  if (typeof columns === "string") {
    await records.return(undefined); // lets go of the file
    throw new FileFault(columns);
  }
  const format: CsvFormat = { kind: "csv", delimiter, columns };
  const added = addedColumns.map((name) => freeName(name, format.columns));
  const above = (bytes.hasMark ? "\ufeff" : "") + (isTold ? `sep=${delimiter}\r\n` : "");
  const header = above + lineOf([...format.columns, ...added], delimiter);
  const rest = { [Symbol.asyncIterator]: () => records };
  return { format, header, rows: rowsOf({ records: rest, end: all.end, bytes, format, row: 0 }) };
}

/** Makes the rows behind a cursor ready to be read. */
export function reopenCsv(bytes: TextBytes, format: CsvFormat, row: number): OpenFile {
  const records = recordsOf(bytes, format.delimiter, { isStart: false });
  return { format, header: "", rows: rowsOf({ records, end: records.end, bytes, format, row }) };
}

/** The columns' names, or what is wrong with them. */
function columnsOf(header: CsvRecord | undefined, bytes: TextBytes): string[] | string {
  const columns = (header?.record ?? []).map((name) => name.trim());
  if (header && bytes.mayGoOn(header.info.bytes)) return "The first line is too long.";
  if (header && bytes.isDamaged(header.record.join(), header.info.bytes)) return notUtf8;
  if (columns.length > limits.columns) {
    return `The first line names ${grouped(columns.length)} columns; at most ${grouped(limits.columns)} can be read.`;
  }
  const titles = columns.filter(isNamed("title")).length;
  if (titles === 1 && columns.filter(isNamed("body")).length <= 1) return columns;
  const found = header ? `Its names are: ${columns.slice(0, 20).join(", ")}.` : "It can’t be read.";
  return `The first line must name the columns: one “title” and, if there is one, “body”. ${found}`;
}

interface Reading {
  readonly records: AsyncIterable<CsvRecord>;
  readonly end: Records["end"];
  readonly bytes: TextBytes;
  readonly format: CsvFormat;
  readonly row: number;
}

async function* rowsOf({ records, end, bytes, format, row }: Reading): AsyncGenerator<Row, void, undefined> {
  let number = row;
  for await (const found of records) {
    if (bytes.mayGoOn(found.info.bytes)) return;
    number += 1;
    yield rowOf(found, { number, bytes, format });
  }
  const { fault: reason, isOpen } = end;
  if (!reason || (isOpen && !bytes.isWhole)) return;
  number += 1;
  const fault = { row: number, reason };
  const print = (outcome: Outcome) => printed([], outcome, format);
  yield { number, end: bytes.length, content: { fault }, isLast: true, print };
}

function rowOf({ record, info }: CsvRecord, at: Pick<Reading, "bytes" | "format"> & { number: number }): Row {
  const { number, bytes, format } = at;
  const { columns } = format;
  const end = info.bytes;
  const print = (outcome: Outcome) => printed(record, outcome, format);
  const failed = (reason: string): Row => ({ number, end, content: { fault: { row: number, reason } }, print });
  if (bytes.isDamaged(record.join(), end)) return failed(notUtf8);
  if (record.length !== columns.length) {
    return failed(`This row has ${counted(record.length, "field")} where the header names ${columns.length}.`);
  }
  const content = contentOf(number, {
    title: record[columns.findIndex(isNamed("title"))],
    body: record[columns.findIndex(isNamed("body"))],
  });
  return { number, end, content, print };
}

/** What a row has beyond the header's columns stays behind the added ones. */
function printed(record: readonly string[], outcome: Outcome, { columns, delimiter }: CsvFormat): string {
  const { suggested_tags, confidences, error, model } = addedTo(outcome);
  const known = columns.map((_, index) => record[index] ?? "");
  const added = [asText(suggested_tags.join("|")), confidences.join("|"), error, model];
  return lineOf([...known, ...added, ...record.slice(columns.length)], delimiter);
}

/** A tag that a spreadsheet would take for a formula. What the file itself holds goes back to its owner as it was. */
const asText = (cell: string) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

/** By itself, the library quotes only the line end that it writes. */
const lineOf = (fields: readonly string[], delimiter: string) =>
  stringify([[...fields]], { delimiter, record_delimiter: "\r\n", quoted_match: /[\r\n]/ });

/** What the file says, or what the header's names stand apart by: other locales' spreadsheets write no comma. */
function delimiterOf(begin: string): CsvFormat["delimiter"] {
  const told = delimiterLine.exec(begin)?.[1];
  const [line = ""] = begin.trimStart().split(/[\r\n]/, 1); // it trims a byte order mark, too
  const isColumn = (name: string) => /^"?\s*title\s*"?$/i.test(name.trim());
  const isDelimiter = (delimiter: string) => delimiter === told || line.split(delimiter).some(isColumn);
  return ([",", ";", "\t"] as const).find(isDelimiter) ?? ",";
}
