import { randomUUID } from "node:crypto";
import { emptyAnswer, xmlAnswer, type Answer } from "./answer.ts";
import type { ObjectRecord } from "./bucket.ts";
import { checksumElement, checksumHeaders, type Checksum, type ChecksumAlgorithm } from "./checksums.ts";
import { copySource, hashedCopy } from "./copy-source.ts";
import { S3Error } from "./errors.ts";
import type { Folder } from "./folder.ts";
import { Payload, wantedAlgorithm } from "./payload.ts";
import type { ByteRange } from "./range.ts";
import { integerParameter, partNumber, type S3Request } from "./request.ts";
import { storedHeaders } from "./stored-headers.ts";
import type { Part, Upload } from "./uploads.ts";

export async function createMultipartUpload(request: S3Request, folder: Folder): Promise<Answer> {
  const { bucket, key } = request;
  folder.bucket(bucket);
  const checksum = wantedChecksum(request);
  const upload: Upload = { id: randomUUID(), bucket, key, headers: storedHeaders(request), checksum };
  await folder.save({ chunks: nothing(), seal: () => upload }, (path) => folder.uploads.start(path, upload));
  const headers = checksum && {
    "x-amz-checksum-algorithm": checksum.algorithm.toUpperCase(),
    "x-amz-checksum-type": checksum.type,
  };
  return xmlAnswer("InitiateMultipartUploadResult", { Bucket: bucket, Key: key, UploadId: upload.id }, headers);
}

export async function uploadPart(request: S3Request, folder: Folder): Promise<Answer> {
  const wanted = folder.uploads.get(request).checksum?.algorithm;
  const number = partNumber(request);
  const payload = new Payload(request, wanted);
  const seal = (): Part => {
    const { size, md5, checksum } = payload.verify();
    if (wanted !== undefined && checksum?.algorithm !== wanted) {
      throw new S3Error("InvalidRequest", { message: `The upload wants a checksum of the type ${wanted}.` });
    }
    return { number, size, etag: `"${md5.toString("hex")}"`, modifiedMs: Date.now(), checksum };
  };
  const part = await folder.save({ chunks: payload.chunks(), seal }, (path, sealed) =>
    folder.uploads.addPart(request, path, sealed),
  );
  return emptyAnswer(200, { etag: part.etag, ...checksumHeaders(part.checksum) });
}

export async function uploadPartCopy(request: S3Request, folder: Folder): Promise<Answer> {
  const algorithm = folder.uploads.get(request).checksum?.algorithm;
  const number = partNumber(request);
  const { bucket, source } = copySource(request, folder);
  const range = copiedRange(request, source);
  const { chunks, digests } = hashedCopy(bucket.read(source, range), algorithm);
  const seal = (): Part => ({
    number,
    size: range.end - range.start + 1,
    ...digests(),
    modifiedMs: Date.now(),
  });
  const { etag, modifiedMs, checksum } = await folder.save({ chunks, seal }, (path, sealed) =>
    folder.uploads.addPart(request, path, sealed),
  );
  return xmlAnswer("CopyPartResult", {
    ETag: etag,
    LastModified: new Date(modifiedMs).toISOString(),
    ...(checksum && { [checksumElement(checksum.algorithm)]: checksum.value }),
  });
}

/** Other than of a GET, each byte of it must be there. Throws InvalidArgument. */
function copiedRange(request: S3Request, { size }: ObjectRecord): ByteRange {
  const header = request.header("x-amz-copy-source-range");
  if (header === undefined) return { start: 0, end: size - 1 };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  const range = { start: Number(first), end: Number(last) };
  if (range.start <= range.end && range.end < size) return range;
  const message = `Range specified is not valid for source object of size: ${size}`;
  throw new S3Error("InvalidArgument", { message, fields: { ArgumentValue: header } });
}

export async function abortMultipartUpload(request: S3Request, folder: Folder): Promise<Answer> {
  await folder.uploads.remove(folder.uploads.get(request));
  return emptyAnswer(204);
}

export function listParts(request: S3Request, folder: Folder): Answer {
  const { id, bucket, key } = folder.uploads.get(request);
  const maxParts = integerParameter(request, "max-parts");
  const marker = Number(request.query.get("part-number-marker") ?? 0);
  const rest = folder.uploads.parts(request).filter(({ number }) => number > marker);
  const page = rest.slice(0, maxParts);
  return xmlAnswer("ListPartsResult", {
    Bucket: bucket,
    Key: key,
    UploadId: id,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number,
    MaxParts: maxParts,
    IsTruncated: page.length < rest.length,
    Part: page.map((part) => ({
      PartNumber: part.number,
      LastModified: new Date(part.modifiedMs).toISOString(),
      ETag: part.etag,
      Size: part.size,
      ...(part.checksum && { [checksumElement(part.checksum.algorithm)]: part.checksum.value }),
    })),
  });
}

/** What can be kept of an upload in parts, by algorithm; the first one unless asked for. */
const checksumTypes: Record<ChecksumAlgorithm, readonly [Checksum["type"], ...Checksum["type"][]]> = {
  crc32: ["COMPOSITE", "FULL_OBJECT"],
  crc32c: ["COMPOSITE", "FULL_OBJECT"],
  crc64nvme: ["FULL_OBJECT"],
  sha1: ["COMPOSITE"],
  sha256: ["COMPOSITE"],
};

function wantedChecksum(request: S3Request): Upload["checksum"] {
  const algorithm = wantedAlgorithm(request);
  if (algorithm === undefined) return undefined;
  const types = checksumTypes[algorithm];
  const wanted = request.header("x-amz-checksum-type") ?? types[0];
  const type = types.find((one) => one === wanted);
  if (type) return { algorithm, type };
  const message = `The ${wanted} checksum type cannot be used with the ${algorithm} checksum algorithm.`;
  throw new S3Error("InvalidRequest", { message });
}

async function* nothing(): AsyncGenerator<Buffer> {
  // The record alone is what the file is for.
}
