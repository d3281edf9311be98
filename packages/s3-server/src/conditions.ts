import type { ObjectRecord } from "./bucket.ts";
import { S3Error } from "./errors.ts";
import type { S3Request } from "./request.ts";

/** Decides a write, given the object that it would replace; throws to refuse it. */
export type WriteCondition = (current: ObjectRecord | undefined) => void;

/** If-Match and `If-None-Match: *`, as S3 allows them on writes. */
export function writeCondition(request: S3Request): WriteCondition {
  const match = request.header("if-match");
  const noneMatch = request.header("if-none-match");
  if (noneMatch !== undefined && noneMatch !== "*") {
    throw new S3Error("NotImplemented", { fields: { Header: "If-None-Match" } });
  }
  return (current) => {
    if (noneMatch !== undefined && current !== undefined) throw failed("If-None-Match");
    if (match === undefined) return;
    if (current === undefined) throw new S3Error("NoSuchKey");
    if (!matches(match, current.etag)) throw failed("If-Match");
  };
}

/**
 * The four conditions of a read in the order of RFC 9110: throws PreconditionFailed, and returns whether the client's
 * copy is current (304). `prefix` is for a copy's source.
 */
export function isNotModified(request: S3Request, record: ObjectRecord, prefix = ""): boolean {
  const header = (name: string): string | undefined => request.header(`${prefix}${name}`);
  const match = header("if-match");
  const noneMatch = header("if-none-match");
  if (match !== undefined) {
    if (!matches(match, record.etag)) throw failed("If-Match");
  } else if (isAfter(record, header("if-unmodified-since")) === true) {
    throw failed("If-Unmodified-Since");
  }
  if (noneMatch !== undefined) return matches(noneMatch, record.etag);
  return isAfter(record, header("if-modified-since")) === false;
}

/** Undefined where there is no such header or it holds no date. HTTP dates know whole seconds only. */
function isAfter(record: ObjectRecord, header: string | undefined): boolean | undefined {
  const dateMs = Date.parse(header ?? "");
  return Number.isNaN(dateMs) ? undefined : Math.floor(record.modifiedMs / 1000) * 1000 > dateMs;
}

/** S3 takes ETags without their quotes too. */
function matches(header: string, etag: string): boolean {
  const bare = (tag: string): string => tag.trim().replace(/^W\//, "").replace(/^"|"$/g, "");
  return header.trim() === "*" || header.split(",").some((tag) => bare(tag) === bare(etag));
}

function failed(condition: string): S3Error {
  return new S3Error("PreconditionFailed", { fields: { Condition: condition } });
}
