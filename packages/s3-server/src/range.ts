import { S3Error } from "./errors.ts";

/** Bytes of an object, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header. Undefined means the whole object: S3 ignores what is no single byte range. Throws InvalidRange
 * for a range that has no byte of the object.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || first + last === "") return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start <= end) return { start, end };
  throw new S3Error("InvalidRange", {
    fields: { RangeRequested: header ?? "", ActualObjectSize: size },
    headers: { "content-range": `bytes */${size}` },
  });
}

/** The bytes of one of the parts that an object came in, counted from 1. Throws InvalidPartNumber. */
export function partRange(number: number, sizes: readonly number[]): ByteRange {
  const size = sizes[number - 1];
  if (size === undefined) {
    const fields = { PartNumberRequested: number, ActualPartCount: sizes.length };
    throw new S3Error("InvalidPartNumber", { fields });
  }
  const start = sizes.slice(0, number - 1).reduce((sum, before) => sum + before, 0);
  return { start, end: start + size - 1 };
}
