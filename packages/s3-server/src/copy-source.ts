import type { Bucket, ObjectRecord } from "./bucket.ts";
import { createHasher, cryptoHasher, watched, type Checksum, type ChecksumAlgorithm } from "./checksums.ts";
import { isNotModified } from "./conditions.ts";
import { S3Error } from "./errors.ts";
import type { Folder } from "./folder.ts";
import { checkedKey, decode, type S3Request } from "./request.ts";

/** The object that a copy is made of. Throws NoSuchBucket, NoSuchKey, PreconditionFailed. */
export function copySource(request: S3Request, folder: Folder): { bucket: Bucket; source: ObjectRecord } {
  const given = request.header("x-amz-copy-source") ?? "";
  if (given.includes("?versionId=")) {
    throw new S3Error("NotImplemented", { message: "A copy of a version is not implemented by this server." });
  }
  const [bucketName = "", ...key] = decode(given).replace(/^\//, "").split("/");
  const bucket = folder.bucket(bucketName);
  const source = bucket.get(checkedKey(key.join("/")));
  if (isNotModified(request, source, "x-amz-copy-source-")) throw new S3Error("PreconditionFailed");
  return { bucket, source };
}

/** A copy's chunks, hashed on their way. `digests`, to be called once after the last one, gives its ETag and the checksum that is wanted. */
export function hashedCopy(source: AsyncIterable<Buffer>, algorithm: ChecksumAlgorithm | undefined) {
  const md5 = cryptoHasher("md5");
  const hasher = algorithm && createHasher(algorithm);
  const digests = (): { etag: string; checksum: Checksum | undefined } => ({
    etag: `"${md5.digest().toString("hex")}"`,
    checksum: algorithm && hasher && { algorithm, value: hasher.digest().toString("base64"), type: "FULL_OBJECT" },
  });
  return { chunks: watched(watched(source, md5), hasher), digests };
}
