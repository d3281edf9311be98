import { xmlAnswer, type Answer } from "./answer.ts";
import type { ObjectRecord } from "./bucket.ts";
import { owner } from "./buckets.ts";
import { S3Error } from "./errors.ts";
import type { Folder } from "./folder.ts";
import { integerParameter, type S3Request } from "./request.ts";
import type { XmlChildren } from "./xml.ts";

interface Page<T> {
  readonly entries: T[];
  readonly prefixes: string[];
  /** The last one that the page speaks for, where more follow. */
  readonly last: T | undefined;
}

export function listObjectsV2(request: S3Request, folder: Folder): Answer {
  const { query } = request;
  if (query.get("list-type") !== "2") throw new S3Error("InvalidArgument", { message: "list-type must be 2." });
  const token = query.get("continuation-token") ?? undefined;
  const after = token === undefined ? (query.get("start-after") ?? "") : decodeToken(token);
  const { page, text, common } = list(request, folder, { after });
  return xmlAnswer("ListBucketResult", {
    ...common,
    KeyCount: page.entries.length + page.prefixes.length,
    StartAfter: query.has("start-after") ? text(query.get("start-after") ?? "") : undefined,
    ContinuationToken: token,
    NextContinuationToken: page.last && Buffer.from(page.last.key).toString("base64url"),
  });
}

/** Version 1, which boto3's collections and s3cmd ask for. */
export function listObjects(request: S3Request, folder: Folder): Answer {
  const after = request.query.get("marker") ?? "";
  const { page, text, common } = list(request, folder, { after, seen: after });
  return xmlAnswer("ListBucketResult", {
    ...common,
    Marker: text(after),
    NextMarker: page.last && text(page.last.key),
  });
}

/** What both versions list, `after` a key; `seen` is the common prefix that a page before this one ended with. */
function list(request: S3Request, folder: Folder, { after, seen }: { after: string; seen?: string }) {
  const { query } = request;
  const { prefix, prefixOf, text, asked } = askedOf(query);
  const maxKeys = integerParameter(request, "max-keys");
  const records = folder.bucket(request.bucket).list(prefix, after);
  const page = paginate(records, { maxKeys, prefixOf, seen });
  const Owner = query.get("fetch-owner") === "true" ? owner : undefined;
  const common = {
    Name: request.bucket,
    ...asked,
    MaxKeys: maxKeys,
    IsTruncated: page.last !== undefined,
    Contents: page.entries.map((record) => ({ ...describe(record, text), Owner })),
    CommonPrefixes: page.prefixes.map((entry) => ({ Prefix: text(entry) })),
  };
  return { page, text, common };
}

/** What listings of objects and of uploads are asked alike, and say of it. */
export function askedOf(query: URLSearchParams) {
  const [prefix, delimiter] = [query.get("prefix") ?? "", query.get("delimiter") ?? ""];
  const encoding = query.get("encoding-type") ?? undefined;
  const text = encoding === "url" ? encodeKey : (key: string) => key;
  const Delimiter = delimiter === "" ? undefined : text(delimiter);
  return {
    prefix,
    prefixOf: (key: string) => commonPrefix(key, prefix, delimiter),
    text,
    asked: { Prefix: text(prefix), Delimiter, EncodingType: encoding },
  };
}

interface Paging {
  readonly maxKeys: number;
  readonly prefixOf: (key: string) => string | undefined;
  /** The common prefix that the page before ended with. */
  readonly seen?: string | undefined;
}

/** A page counts entries and common prefixes alike; it ends before the first one that it has no room for. */
export function paginate<T extends { key: string }>(
  records: Iterable<T>,
  { maxKeys, prefixOf, seen }: Paging,
): Page<T> {
  const page = { entries: [] as T[], prefixes: [] as string[] };
  let last: T | undefined;
  if (maxKeys === 0) return { ...page, last };
  for (const record of records) {
    const prefix = prefixOf(record.key);
    if (prefix === undefined || prefix !== (page.prefixes.at(-1) ?? seen)) {
      if (page.entries.length + page.prefixes.length === maxKeys) return { ...page, last };
      if (prefix === undefined) page.entries.push(record);
      else page.prefixes.push(prefix);
    }
    last = record;
  }
  return { ...page, last: undefined };
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "") return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

function describe(record: ObjectRecord, text: (key: string) => string): XmlChildren {
  return {
    Key: text(record.key),
    LastModified: new Date(record.modifiedMs).toISOString(),
    ETag: record.etag,
    ChecksumAlgorithm: record.checksum?.algorithm.toUpperCase(),
    ChecksumType: record.checksum?.type,
    Size: record.size,
    StorageClass: "STANDARD",
  };
}

function decodeToken(token: string): string {
  const key = Buffer.from(token, "base64url").toString();
  if (token !== "" && Buffer.from(key).toString("base64url") === token) return key;
  throw new S3Error("InvalidArgument", { message: "The continuation token provided is incorrect." });
}

function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll("%2F", "/");
}
