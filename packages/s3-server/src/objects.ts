import { emptyAnswer, xmlAnswer, type Answer } from "./answer.ts";
import type { ObjectRecord } from "./bucket.ts";
import { checksumElements, checksumHeaders } from "./checksums.ts";
import { isNotModified, writeCondition } from "./conditions.ts";
import { copySource, hashedCopy } from "./copy-source.ts";
import { S3Error } from "./errors.ts";
import type { Folder } from "./folder.ts";
import { Payload, readText, wantedAlgorithm } from "./payload.ts";
import { parseRange, partRange, type ByteRange } from "./range.ts";
import { partNumber, type S3Request } from "./request.ts";
import { headersInstead, storedHeaders } from "./stored-headers.ts";
import { parseXml, type XmlElement } from "./xml.ts";

/** GET and HEAD. */
export function getObject(request: S3Request, folder: Folder): Answer {
  const bucket = folder.bucket(request.bucket);
  const record = bucket.get(request.key);
  const validators = { etag: record.etag, "last-modified": new Date(record.modifiedMs).toUTCString() };
  if (isNotModified(request, record)) return emptyAnswer(304, validators);
  const part = askedRange(request, record);
  const range = part ?? { start: 0, end: record.size - 1 };
  const length = range.end - range.start + 1;
  const headers = {
    ...record.headers,
    ...headersInstead(request),
    ...validators,
    "accept-ranges": "bytes",
    "content-length": length,
    ...(part && length > 0 && { "content-range": `bytes ${part.start}-${part.end}/${record.size}` }),
    ...(request.query.has("partNumber") && record.partSizes && { "x-amz-mp-parts-count": record.partSizes.length }),
    // It is the whole object's, so clients would find that it fails a part.
    ...(part === undefined && request.header("x-amz-checksum-mode") === "ENABLED" && checksumHeaders(record.checksum)),
  };
  const status = part === undefined ? 200 : 206;
  if (request.method === "HEAD" || length === 0) return { status, headers };
  return { status, headers, body: bucket.read(record, range) };
}

/** Undefined for the whole object. What did not come in parts is the first and only one. Throws InvalidRange or its kin. */
function askedRange(request: S3Request, { size, partSizes = [size] }: ObjectRecord): ByteRange | undefined {
  const header = request.header("range");
  if (!request.query.has("partNumber")) return parseRange(header, size);
  if (header === undefined) return partRange(partNumber(request), partSizes);
  const message = "Cannot specify both Range header and partNumber query parameter.";
  throw new S3Error("InvalidRequest", { message });
}

export async function putObject(request: S3Request, folder: Folder): Promise<Answer> {
  folder.bucket(request.bucket);
  const allow = writeCondition(request);
  const payload = new Payload(request);
  const seal = (): ObjectRecord => {
    const { size, md5, checksum } = payload.verify();
    const headers = storedHeaders(request);
    return { key: request.key, size, etag: `"${md5.toString("hex")}"`, modifiedMs: Date.now(), headers, checksum };
  };
  const { etag, checksum } = await folder.save({ chunks: payload.chunks(), seal }, (path, record) =>
    folder.bucket(request.bucket).commit(path, record, allow),
  );
  return emptyAnswer(200, { etag, ...checksumHeaders(checksum) });
}

export async function copyObject(request: S3Request, folder: Folder): Promise<Answer> {
  const target = folder.bucket(request.bucket);
  if (request.header("x-amz-copy-source-range") !== undefined) {
    throw new S3Error("NotImplemented", { message: "CopyObject of a range is not implemented by this server." });
  }
  const { bucket, source } = copySource(request, folder);
  const allow = writeCondition(request);
  const replaces = request.header("x-amz-metadata-directive") === "REPLACE";
  if (!replaces && target === bucket && source.key === request.key) {
    throw new S3Error("InvalidRequest", { message: "This copy request is illegal: it copies an object to itself." });
  }
  const { chunks, digests } = hashedCopy(bucket.read(source), wantedAlgorithm(request) ?? source.checksum?.algorithm);
  const seal = (): ObjectRecord => ({
    key: request.key,
    size: source.size,
    ...digests(),
    modifiedMs: Date.now(),
    headers: replaces ? storedHeaders(request) : source.headers,
  });
  const { etag, modifiedMs, checksum } = await folder.save({ chunks, seal }, (path, record) =>
    folder.bucket(request.bucket).commit(path, record, allow),
  );
  return xmlAnswer("CopyObjectResult", {
    ETag: etag,
    LastModified: new Date(modifiedMs).toISOString(),
    ...checksumElements(checksum),
  });
}

export async function deleteObject(request: S3Request, folder: Folder): Promise<Answer> {
  await folder.bucket(request.bucket).remove(request.key, writeCondition(request));
  return emptyAnswer(204);
}

export async function deleteObjects(request: S3Request, folder: Folder): Promise<Answer> {
  const bucket = folder.bucket(request.bucket);
  const document = parseXml(await readText(request), "Delete");
  const keys = document.children("Object").map(keyToDelete);
  if (keys.length === 0 || keys.length > 1000 || keys.includes("")) throw new S3Error("MalformedXML");
  for (const key of keys) await bucket.remove(key, () => undefined);
  const quiet = document.text("Quiet") === "true";
  return xmlAnswer("DeleteResult", { Deleted: quiet ? [] : keys.map((key) => ({ Key: key })) });
}

/** Throws NotImplemented where the key alone doesn't say what to delete: a version, or only under a condition. */
function keyToDelete(object: XmlElement): string {
  const other = object.names.find((name) => name !== "Key" && !name.startsWith("#"));
  if (other === undefined) return object.text("Key") ?? "";
  throw new S3Error("NotImplemented", { message: `DeleteObjects with ${other} is not implemented by this server.` });
}
