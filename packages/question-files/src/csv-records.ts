import { pipeline, Readable } from "node:stream";
import { parse, type CsvError, type Info } from "csv-parse";
import { limits } from "./limits.ts";
import type { TextBytes } from "./text.ts";

export interface CsvRecord {
  readonly record: readonly string[];
  readonly info: Info;
}

interface End {
  readonly fault?: string;
  /** So many records are good. */
  readonly afterRecords: number;
  /** It was only that the bytes ended within quotes. */
  readonly isOpen: boolean;
}

export interface Records {
  [Symbol.asyncIterator](): AsyncGenerator<CsvRecord, void, undefined>;
  /** Once they are read: why there are no more of them, where the file goes on. */
  readonly end: End;
}

/** The records up to the first that can't be read. Only where a file begins is a byte order mark none of its text. */
export function recordsOf(bytes: TextBytes, delimiter: string, { isStart }: { isStart: boolean }): Records {
  const end: { -readonly [Key in keyof End]: End[Key] } = { afterRecords: Infinity, isOpen: false };
  const parser = parse({
    bom: isStart,
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: limits.rowBytes,
    // An error that is thrown would take the good records along that nobody has fetched yet.
    skip_records_with_error: true,
    on_skip: (error) => {
      if (error && !end.fault) Object.assign(end, endOf(error));
      return undefined;
    },
  });
  // Its errors come out of the iterator.
  pipeline(Readable.from(bytes, { objectMode: false }), parser, () => undefined);
  const records = parser[Symbol.asyncIterator]() as AsyncGenerator<CsvRecord>;
  return { end, [Symbol.asyncIterator]: () => untilError(records, end) };
}

async function* untilError(records: AsyncGenerator<CsvRecord>, end: End): AsyncGenerator<CsvRecord, void, undefined> {
  for await (const found of records) {
    if (found.info.records > end.afterRecords) return;
    yield found;
  }
}

function endOf(error: CsvError): End {
  const isOpen = error.code === "CSV_QUOTE_NOT_CLOSED";
  const fault = isOpen
    ? "A quote opens here and never closes."
    : `This row is larger than ${limits.rowBytes} bytes; perhaps a quote opens here and never closes.`;
  return { fault: `${fault} What follows can’t be read.`, afterRecords: Number(error["records"]), isOpen };
}
