import { isBundleError, messageOf } from "@tagsmith/model-bundle/errors";
import { contentOf, fieldOf, isNamed } from "@tagsmith/question-files/content";
import { addedColumns, addedTo, FileFault, freeName, type Outcome, type Row } from "@tagsmith/question-files/row";
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type ConvertedType,
  type FileMetaData,
  type SchemaElement,
  type SchemaTree,
} from "hyparquet";
import { compressors as known, decompressLz4Raw } from "hyparquet-compressors";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { sizes } from "./job.ts";
import type { ReadableFile } from "./planner.ts";
import type { StoredFile } from "./stored-file.ts";

/** What one task can hold. */
const rowGroupBytes = 512 * 2 ** 20;

/** Each row group is a part, or several where it has many rows. @throws {FileFault} for a file that has no titles, or what can't be held or written again */
export async function openParquet(file: StoredFile): Promise<ReadableFile> {
  const { row_groups: groups, schema } = await metadataOf(file);
  const tree = parquetSchema({ schema });
  const columns = namesIn(tree);
  if (!columns.some(isNamed("title"))) {
    throw new FileFault(`It has no column “title”. Its names are: ${columns.slice(0, 20).join(", ")}.`);
  }
  const unheld = unheldName(tree);
  if (unheld !== undefined)
    throw new FileFault(`Its name “${unheld}” is not one column's alone: values would be lost.`);
  // A map is followed by its entry, and that by the key.
  const map = schema.find((type, at) => type.converted_type === "MAP" && schema[at + 2]?.converted_type !== "UTF8");
  if (map) throw new FileFault(`Its map “${map.name}” has keys that are no text, and can't be written again.`);
  const largest = Math.max(...groups.map(({ total_byte_size: bytes }) => Number(bytes)));
  if (largest > rowGroupBytes) {
    const found = `${Math.ceil(largest / 2 ** 20)} MiB; at most ${rowGroupBytes / 2 ** 20} can be read`;
    throw new FileFault(`It has a row group of ${found}. Write it with smaller ones.`);
  }
  const { shardRows } = sizes;
  let rowsBefore = 0;
  const parts = groups.flatMap(({ num_rows: count }) =>
    Array.from({ length: Math.ceil(Number(count) / shardRows) }, (_, part) => {
      const rows = Math.min(Number(count) - part * shardRows, shardRows);
      rowsBefore += rows;
      return { rowsBefore: rowsBefore - rows, rows };
    }),
  );
  return { format: { kind: "parquet" }, header: "", cut: () => Promise.resolve(parts) };
}

type Record = Readonly<globalThis.Record<string, unknown>>;

export interface ParquetRow extends Pick<Row, "number" | "content"> {
  readonly record: Record;
}

/** Logical types that JavaScript represents without loss, or that say how values are nested. */
const faithful: readonly unknown[] = ["UTF8", "LIST", "MAP"];

/** Without its logical type, a value is read and written as it is stored: as a Date, say, it could lose precision. */
function bare(element: SchemaElement): SchemaElement {
  if (faithful.includes(element.converted_type)) return element;
  const stored = { ...element };
  delete stored.converted_type;
  delete stored.logical_type;
  return stored;
}

/** INT96 is always a timestamp, so the library converts it even without a logical type, to nanoseconds. */
const parsers = { timestampFromNanoseconds: (nanoseconds: bigint) => nanoseconds / 1_000n };

/** The library's LZ4 fails on an empty page. */
const compressors: typeof known = {
  ...known,
  LZ4_RAW: (packed, length) => (length === 0 ? new Uint8Array() : decompressLz4Raw(packed, length)),
};

/** The rows of a part, with all their columns as they are stored. */
export async function readParquet(file: StoredFile, { rowsBefore, rows }: { rowsBefore: number; rows: number }) {
  const { schema, ...metadata } = await metadataOf(file);
  const reading = parquetReadObjects({
    ...{ file: bufferOf(file), metadata: { ...metadata, schema: schema.map(bare) }, compressors, parsers, utf8: false },
    ...{ rowStart: rowsBefore, rowEnd: rowsBefore + rows },
  });
  const records = await orFault(reading, "It can't be read");
  const found = records.map((record: Record, index): ParquetRow => {
    const number = rowsBefore + index + 1;
    const [title, body] = [asText(fieldOf(record, "title")), asText(fieldOf(record, "body"))];
    return { number, content: contentOf(number, { title: title ?? undefined, body }), record };
  });
  return { rows: found, schema };
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Bytes that are no UTF-8 stay what they are, so that the row fails as it would in a file of text. */
function asText(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  try {
    return decoder.decode(value);
  } catch {
    return value;
  }
}

/** The rows as a file of their own: their columns as they were, and those that are known now. */
export async function writeParquet(
  schema: FileMetaData["schema"],
  rows: readonly (ParquetRow & { readonly outcome: Outcome })[],
): Promise<Uint8Array> {
  const [root, ...elements] = schema;
  if (!root) throw new Error("A Parquet file without a schema.");
  const columns = namesIn(parquetSchema({ schema }));
  const added = addedColumns.map((column) => ({ column, name: freeName(column, columns) }));
  const text = { type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" } as const;
  const written = [
    { ...root, num_children: (root.num_children ?? 0) + added.length },
    ...elements.map(writable),
    ...added.map(({ name }) => ({ ...text, name })),
  ];
  const writer = new ByteWriter();
  // Minimum and maximum depend on the logical types, which are left out here.
  const file = new ParquetWriter({ writer, schema: written.map(bare), statistics: false });
  const values = rows.map(({ outcome }) => addedTo(outcome));
  await file.write({
    columnData: [
      ...columns.map((name) => ({ name, data: rows.map(({ record }) => record[name]) })),
      ...added.map(({ column, name }) => ({ name, data: values.map((value) => [value[column]].flat().join("|")) })),
    ],
  });
  file.schema = written;
  await file.finish();
  return writer.getBytes();
}

/** A column as the library can write it: INT96, which is deprecated, as microseconds. */
function writable(element: SchemaElement): SchemaElement {
  const { type, converted_type, logical_type } = element;
  if (type === "INT96") return { ...element, type: "INT64", converted_type: "TIMESTAMP_MICROS" };
  if (logical_type?.type !== "INTEGER") return element;
  // Other readers refuse the logical type as the library writes it; the older converted type means the same.
  const older = `${logical_type.isSigned ? "INT" : "UINT"}_${logical_type.bitWidth}` as ConvertedType;
  return { ...bare(element), converted_type: converted_type ?? older };
}

const namesIn = ({ children }: SchemaTree): string[] => children.map(({ element }) => element.name);

/** A column's name that a JavaScript object can't hold beside the others: a duplicate, or `__proto__`. */
function unheldName(tree: SchemaTree): string | undefined {
  const names = namesIn(tree);
  const found = names.find((name, at) => name === "__proto__" || names.indexOf(name) < at);
  return found ?? tree.children.map(unheldName).find((name) => name !== undefined);
}

const metadataOf = (file: StoredFile): Promise<FileMetaData> =>
  orFault(parquetMetadataAsync(bufferOf(file)), "It is no Parquet file");

/** What the library throws is the file's fault; what the store throws is not. */
async function orFault<T>(reading: Promise<T>, fault: string): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (isBundleError(cause)) throw cause;
    throw new FileFault(`${fault}: ${messageOf(cause)}.`, { cause });
  }
}

function bufferOf(file: StoredFile): AsyncBuffer {
  return {
    byteLength: file.bytes,
    slice: async (start, end = file.bytes) => {
      const { buffer, byteOffset, length } = await file.read({
        start: start < 0 ? file.bytes + start : start,
        end: end - 1,
      });
      return buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
    },
  };
}
