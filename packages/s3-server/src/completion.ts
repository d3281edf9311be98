import { xmlAnswer, type Answer } from "./answer.ts";
import type { ObjectRecord } from "./bucket.ts";
import {
  checksumElement,
  checksumElements,
  createHasher,
  cryptoHasher,
  digestOf,
  watched,
  type Checksum,
  type Hasher,
} from "./checksums.ts";
import { writeCondition } from "./conditions.ts";
import { S3Error } from "./errors.ts";
import type { Folder } from "./folder.ts";
import { declaredAlgorithm, readText } from "./payload.ts";
import type { S3Request } from "./request.ts";
import type { Part, Upload } from "./uploads.ts";
import { parseXml, type XmlElement } from "./xml.ts";

/** Asked again by a client that got no answer, it says once more what it has made. */
export async function completeMultipartUpload(request: S3Request, folder: Folder): Promise<Answer> {
  const { bucket, key } = request;
  // A checksum in a header is the finished object's, not the document's.
  const text = await readText({
    ...request,
    header: (name) => (ofWhole.test(name) ? undefined : request.header(name)),
  });
  const record = await complete(request, folder, text).catch((error: unknown) => {
    const made = folder.bucket(bucket).find(key);
    const isOver = error instanceof S3Error && ["NoSuchUpload", "PreconditionFailed"].includes(error.code);
    if (isOver && made?.uploadId !== undefined && made.uploadId === request.query.get("uploadId")) return made;
    throw error;
  });
  return xmlAnswer("CompleteMultipartUploadResult", {
    Location: `http://${request.header("host") ?? ""}/${bucket}/${encodeURIComponent(key)}`,
    Bucket: bucket,
    Key: key,
    ETag: record.etag,
    ...checksumElements(record.checksum),
  });
}

const ofWhole = /^x-amz-checksum-/;

async function complete(request: S3Request, folder: Folder, text: string): Promise<ObjectRecord> {
  const upload = folder.uploads.get(request);
  const allow = writeCondition(request);
  const parts = chooseParts(parseXml(text, "CompleteMultipartUpload"), folder.uploads.parts(request));
  const hasher = upload.checksum && createHasher(upload.checksum.algorithm);
  const md5s = parts.map(({ etag }) => Buffer.from(etag.slice(1, -1), "hex"));
  const seal = (): ObjectRecord => {
    const checksum = hasher && objectChecksum(upload, parts, hasher);
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    checkDeclared(request, { checksum, size });
    return {
      key: upload.key,
      size,
      etag: `"${digestOf(cryptoHasher("md5"), Buffer.concat(md5s)).toString("hex")}-${parts.length}"`,
      modifiedMs: Date.now(),
      headers: upload.headers,
      checksum,
      uploadId: upload.id,
      partSizes: parts.map((part) => part.size),
    };
  };
  const isWhole = upload.checksum?.type === "FULL_OBJECT";
  const chunks = watched(folder.uploads.read(upload, parts), isWhole ? hasher : undefined);
  const record = await folder.save({ chunks, seal }, (path, sealed) =>
    folder.bucket(upload.bucket).commit(path, sealed, allow),
  );
  await folder.uploads.remove(upload);
  return record;
}

/** Throws BadDigest or InvalidRequest where the client has declared another object than its parts make. */
function checkDeclared(request: S3Request, { checksum, size }: Pick<ObjectRecord, "checksum" | "size">): void {
  const declaredSize = request.header("x-amz-mp-object-size") ?? String(size);
  if (declaredSize !== String(size)) {
    throw new S3Error("InvalidRequest", {
      message: `The parts have ${size} bytes, where ${declaredSize} are declared.`,
    });
  }
  const algorithm = declaredAlgorithm(request);
  const type = request.header("x-amz-checksum-type") ?? checksum?.type;
  if (type !== checksum?.type || (algorithm !== undefined && algorithm !== checksum?.algorithm)) {
    throw new S3Error("InvalidRequest", { message: "The upload was begun with another checksum, or with none." });
  }
  if (algorithm === undefined) return;
  const declared = request.header(`x-amz-checksum-${algorithm}`);
  // MinIO's clients leave out how many parts a composite one is of.
  if (declared === checksum?.value || declared === checksum?.value.split("-")[0]) return;
  throw new S3Error("BadDigest", {
    message: `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
  });
}

/** The uploaded parts that the client lists. Throws InvalidPartOrder, InvalidPart or EntityTooSmall. */
function chooseParts(document: XmlElement, uploaded: readonly Part[]): Part[] {
  const minPartBytes = 5 * 1024 * 1024;
  const listed = document.children("Part");
  if (listed.length === 0) throw new S3Error("MalformedXML");
  const parts = listed.map((element) => findPart(element, uploaded));
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    if (next === undefined) return;
    if (next.number <= part.number) throw new S3Error("InvalidPartOrder");
    if (part.size < minPartBytes) {
      const fields = {
        ProposedSize: part.size,
        MinSizeAllowed: minPartBytes,
        PartNumber: part.number,
        ETag: part.etag,
      };
      throw new S3Error("EntityTooSmall", { fields });
    }
  });
  return parts;
}

function findPart(element: XmlElement, uploaded: readonly Part[]): Part {
  const number = Number(element.text("PartNumber"));
  const etag = element.text("ETag")?.replaceAll('"', "");
  const part = uploaded.find((candidate) => candidate.number === number);
  const checksum = part?.checksum;
  const declared = checksum && element.text(checksumElement(checksum.algorithm));
  if (part?.etag !== `"${etag}"` || (declared !== undefined && declared !== checksum?.value)) {
    throw new S3Error("InvalidPart", { fields: { PartNumber: number } });
  }
  return part;
}

/** A composite checksum is that of the parts' checksums, in binary, with their number behind it. */
function objectChecksum(upload: Upload, parts: readonly Part[], hasher: Hasher): Checksum | undefined {
  if (upload.checksum === undefined) return undefined;
  if (upload.checksum.type === "FULL_OBJECT") return { ...upload.checksum, value: hasher.digest().toString("base64") };
  const values = parts.map(({ checksum }) => Buffer.from(checksum?.value ?? "", "base64"));
  const value = digestOf(hasher, Buffer.concat(values)).toString("base64");
  return { ...upload.checksum, value: `${value}-${parts.length}` };
}
