import { xmlAnswer, type Answer } from "./answer.ts";
import type { ObjectRecord } from "./bucket.ts";
import { S3Error } from "./errors.ts";
import type { Folder } from "./folder.ts";
import { integerParameter, type S3Request } from "./request.ts";
import type { XmlChildren } from "./xml.ts";

interface Page {
  readonly objects: ObjectRecord[];
  readonly prefixes: string[];
  /** The last key that the page speaks for, where more follow. */
  readonly next: string | undefined;
}

export function listObjectsV2(request: S3Request, folder: Folder): Answer {
  const { query } = request;
  if (query.get("list-type") !== "2") {
    const message = "ListObjects of version 1 is not implemented by this server: use ListObjectsV2.";
    throw new S3Error("NotImplemented", { message });
  }
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const maxKeys = integerParameter(request, "max-keys");
  const token = query.get("continuation-token") ?? undefined;
  const after = token === undefined ? (query.get("start-after") ?? "") : decodeToken(token);
  const records = folder.bucket(request.bucket).list(prefix, after);
  const page = paginate(records, maxKeys, (key) => commonPrefix(key, prefix, delimiter));
  const text = query.get("encoding-type") === "url" ? encodeKey : (key: string) => key;
  return xmlAnswer("ListBucketResult", {
    Name: request.bucket,
    Prefix: text(prefix),
    Delimiter: delimiter === "" ? undefined : text(delimiter),
    MaxKeys: maxKeys,
    EncodingType: query.get("encoding-type") ?? undefined,
    KeyCount: page.objects.length + page.prefixes.length,
    StartAfter: query.has("start-after") ? text(query.get("start-after") ?? "") : undefined,
    ContinuationToken: token,
    IsTruncated: page.next !== undefined,
    NextContinuationToken: page.next === undefined ? undefined : Buffer.from(page.next).toString("base64url"),
    Contents: page.objects.map((record) => describe(record, text)),
    CommonPrefixes: page.prefixes.map((entry) => ({ Prefix: text(entry) })),
  });
}

/** A page counts objects and common prefixes alike; it ends before the first entry that it has no room for. */
function paginate(
  records: Iterable<ObjectRecord>,
  maxKeys: number,
  prefixOf: (key: string) => string | undefined,
): Page {
  const page = { objects: [] as ObjectRecord[], prefixes: [] as string[] };
  let last: string | undefined;
  for (const record of maxKeys === 0 ? [] : records) {
    const prefix = prefixOf(record.key);
    if (prefix === undefined || prefix !== page.prefixes.at(-1)) {
      if (page.objects.length + page.prefixes.length === maxKeys) return { ...page, next: last };
      if (prefix === undefined) page.objects.push(record);
      else page.prefixes.push(prefix);
    }
    last = record.key;
  }
  return { ...page, next: undefined };
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
