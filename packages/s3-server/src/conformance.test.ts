/**
 * What S3 promises, asked through AWS's own client: of this server, or of the one that S3_CONFORMANCE_ENDPOINT names
 * (AWS itself, MiniStack), in a bucket made for the run and removed after it.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
  type CompleteMultipartUploadCommandInput,
  type CreateMultipartUploadCommandInput,
  type GetObjectCommandInput,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startS3Server, type S3Server } from "./server.ts";

const given = process.env["S3_CONFORMANCE_ENDPOINT"];
/** MiniStack 1.5.33 accepts some of what AWS refuses: those guarantees are not asked of it. */
const isMiniStack = given !== undefined && (await fetch(`${given}/_ministack/health`)).ok;
const itAsAws = it.skipIf(isMiniStack);

const Bucket = `conformance-${randomUUID()}`;
let root: string;
let server: S3Server | undefined;
let client: S3Client;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "s3-conformance-"));
  if (given === undefined) server = await startS3Server({ root, port: 0 });
  client = new S3Client({
    endpoint: given ?? server?.url ?? "",
    region: process.env["AWS_REGION"] ?? "us-east-1",
    forcePathStyle: true,
    ...(process.env["AWS_ACCESS_KEY_ID"] === undefined && {
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    }),
  });
  await client.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  for (let rest = await list(); rest.Contents !== undefined; rest = await list()) {
    const Objects = rest.Contents.map(({ Key }) => ({ Key }));
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
  await client.send(new DeleteBucketCommand({ Bucket }));
  client.destroy();
  await server?.close();
  await rm(root, { recursive: true });
});

type Body = NonNullable<PutObjectCommandInput["Body"]>;
const put = (Key: string, body: Body, more: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body: body, ...more }));
const head = (Key: string) => client.send(new HeadObjectCommand({ Bucket, Key }));
const list = (more: object = {}) => client.send(new ListObjectsV2Command({ Bucket, ...more }));
const md5 = (bytes: string | Buffer) => createHash("md5").update(bytes).digest("hex");

async function get(Key: string, more: Partial<GetObjectCommandInput> = {}) {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
}

/** The name and status of the error that a call must end in. */
async function refusal(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => new Error("It was not refused."),
    (reason: unknown) => reason,
  );
  if (!(error instanceof S3ServiceException)) throw error;
  return `${error.$metadata.httpStatusCode ?? 0} ${error.name}`;
}

describe("buckets", () => {
  it("creates a bucket that exists already without complaint, and lists it", async () => {
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new HeadBucketCommand({ Bucket }));
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    expect(Buckets.find(({ Name }) => Name === Bucket)?.CreationDate).toBeInstanceOf(Date);
  });

  it("says that a bucket is missing", async () => {
    const missing = { Bucket: `missing-${randomUUID()}`, Key: "k" };
    expect(await refusal(client.send(new HeadBucketCommand(missing)))).toBe("404 NotFound");
    expect(await refusal(client.send(new GetObjectCommand(missing)))).toBe("404 NoSuchBucket");
    expect(await refusal(client.send(new PutObjectCommand({ ...missing, Body: "x" })))).toBe("404 NoSuchBucket");
    expect(await refusal(client.send(new ListObjectsV2Command(missing)))).toBe("404 NoSuchBucket");
  });

  it("refuses a bucket name that S3 does not allow, and to delete a bucket that holds something", async () => {
    expect(await refusal(client.send(new CreateBucketCommand({ Bucket: "No_Such_Name" })))).toBe(
      "400 InvalidBucketName",
    );
    await put("occupant", "x");
    expect(await refusal(client.send(new DeleteBucketCommand({ Bucket })))).toBe("409 BucketNotEmpty");
  });
});

describe("objects", () => {
  it("gives back bytes, type, headers and metadata as they were put", async () => {
    const before = Date.now();
    const stored = { ContentType: "text/plain; charset=utf-8", CacheControl: "no-store", ContentEncoding: "gzip" };
    const written = await put("round/trip", "Grüße", { ...stored, Metadata: { origin: "here" } });
    expect(written.ETag).toBe(`"${md5("Grüße")}"`);
    const expected = {
      ...stored,
      ETag: written.ETag,
      ContentLength: 7,
      AcceptRanges: "bytes",
      Metadata: { origin: "here" },
    };
    const read = await get("round/trip");
    expect(read).toMatchObject(expected);
    expect(read.bytes.toString()).toBe("Grüße");
    expect(await head("round/trip")).toMatchObject(expected);
    expect(Math.abs((read.LastModified?.getTime() ?? 0) - before)).toBeLessThan(60_000);
  });

  it("takes a streamed upload with a trailing checksum, and a large one that waits for 100-continue", async () => {
    const bytes = randomBytes(6_000_001);
    const chunks = Array.from({ length: 61 }, (_, index) => bytes.subarray(index * 100_000, (index + 1) * 100_000));
    await put("streamed", Readable.from(chunks), { ContentLength: bytes.length, ContentEncoding: "br" });
    const streamed = await get("streamed");
    expect(streamed.bytes.equals(bytes)).toBe(true);
    expect(streamed.ContentEncoding).toBe("br");
    await put("large", bytes);
    expect((await get("large")).bytes.equals(bytes)).toBe(true);
  });

  it("keeps an empty object", async () => {
    expect((await put("empty", Buffer.alloc(0))).ETag).toBe(`"${md5("")}"`);
    expect(await get("empty")).toMatchObject({ ContentLength: 0, bytes: Buffer.alloc(0) });
    expect(await refusal(get("empty", { Range: "bytes=0-" }))).toBe("416 InvalidRange");
  });

  it.each([
    "a",
    "a/b",
    "a/b/",
    "/leading",
    "double//slash",
    "Ünïcode/日本語/🙂",
    "A",
    "%2F+ &=?#'\"<>;:@$!*()",
    "a\\b",
    "…",
  ])("keeps an object under the key %s, and no other", async (key) => {
    await put(`keys/${key}`, key);
    expect((await get(`keys/${key}`)).bytes.toString()).toBe(key);
    expect((await list({ Prefix: `keys/${key}`, MaxKeys: 1 })).Contents?.[0]?.Key).toBe(`keys/${key}`);
  });

  it("takes keys of 1024 bytes", async () => {
    await put("k".repeat(1024), "long");
    expect((await get("k".repeat(1024))).bytes.toString()).toBe("long");
  });

  // MiniStack takes keys of any length.
  itAsAws("refuses keys above 1024 bytes", async () => {
    expect(await refusal(put("k".repeat(1025), "longer"))).toBe("400 KeyTooLongError");
  });

  it("says that an object is missing", async () => {
    expect(await refusal(get("missing"))).toBe("404 NoSuchKey");
    expect(await refusal(head("missing"))).toBe("404 NotFound");
  });

  it("deletes one or many, there or not", async () => {
    await Promise.all(["gone/1", "gone/<2>", "gone/ 3 "].map((key) => put(key, key)));
    await client.send(new DeleteObjectCommand({ Bucket, Key: "gone/1" }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: "gone/1" }));
    const Objects = ["gone/1", "gone/<2>", "gone/ 3 "].map((Key) => ({ Key }));
    const answer = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(["gone/1", "gone/<2>", "gone/ 3 "]);
    expect((await list({ Prefix: "gone/" })).KeyCount).toBe(0);
  });

  it("copies an object with its metadata, or with new ones", async () => {
    await put("copy/from ü", "original", { ContentType: "text/a", Metadata: { m: "1" } });
    const CopySource = encodeURI(`${Bucket}/copy/from ü`);
    const kept = await client.send(new CopyObjectCommand({ Bucket, Key: "copy/kept", CopySource }));
    expect(kept.CopyObjectResult?.ETag).toBe(`"${md5("original")}"`);
    expect(await get("copy/kept")).toMatchObject({ ContentType: "text/a", Metadata: { m: "1" } });
    const fresh = { MetadataDirective: "REPLACE", ContentType: "text/b", Metadata: { n: "2" } } as const;
    await client.send(new CopyObjectCommand({ Bucket, Key: "copy/new", CopySource, ...fresh }));
    const copy = await get("copy/new");
    expect(copy).toMatchObject({ ContentType: "text/b", Metadata: { n: "2" } });
    expect(copy.bytes.toString()).toBe("original");
    const absent = new CopyObjectCommand({ Bucket, Key: "copy/x", CopySource: `${Bucket}/copy/none` });
    expect(await refusal(client.send(absent))).toBe("404 NoSuchKey");
  });
});

describe("ranges", () => {
  beforeAll(async () => {
    await put("digits", "0123456789");
  });

  it.each([
    ["bytes=0-0", "0", "bytes 0-0/10"],
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=-99", "0123456789", "bytes 0-9/10"],
    ["bytes=8-99", "89", "bytes 8-9/10"],
  ])("answers %s with those bytes", async (Range, text, contentRange) => {
    const part = await get("digits", { Range });
    expect(part.bytes.toString()).toBe(text);
    expect(part).toMatchObject({ ContentRange: contentRange, ContentLength: text.length });
    expect(part.$metadata.httpStatusCode).toBe(206);
  });

  it.each(["bytes=10-", "bytes=10-20", "bytes=-0"])("refuses %s, which has no byte", async (Range) => {
    expect(await refusal(get("digits", { Range }))).toBe("416 InvalidRange");
  });

  // MiniStack answers 416.
  itAsAws.each(["bytes=a-b", "lines=1-2", "bytes=-"])("ignores %s, which is no range", async (Range) => {
    const whole = await get("digits", { Range });
    expect(whole.bytes.toString()).toBe("0123456789");
    expect(whole.$metadata.httpStatusCode).toBe(200);
  });
});

describe("conditions of reads", () => {
  const past = new Date(Date.now() - 3_600_000);
  const other = `"${md5("other")}"`;
  beforeAll(async () => {
    await put("read-if", "x");
  });
  const ETag = `"${md5("x")}"`;

  it.each<[string, Partial<GetObjectCommandInput>]>([
    ["If-Match of its ETag", { IfMatch: ETag }],
    ["If-Match of anything", { IfMatch: "*" }],
    ["If-None-Match of another", { IfNoneMatch: other }],
    ["If-Modified-Since the past", { IfModifiedSince: past }],
    ["If-Match, whatever If-Unmodified-Since says", { IfMatch: ETag, IfUnmodifiedSince: past }],
  ])("answers with %s", async (_name, condition) => {
    expect((await get("read-if", condition)).bytes.toString()).toBe("x");
  });

  it.each<[string, Partial<GetObjectCommandInput>]>([
    ["If-Match of another", { IfMatch: other }],
    ["If-Match of another and a range", { IfMatch: other, Range: "bytes=0-0" }],
    ["If-Unmodified-Since the past", { IfUnmodifiedSince: past }],
  ])("refuses with %s", async (_name, condition) => {
    expect(await refusal(get("read-if", condition))).toBe("412 PreconditionFailed");
  });

  // The client makes an error named Unknown of a 304, which has no body.
  it("answers 304 where the client has it already", async () => {
    const since = (await head("read-if")).LastModified;
    for (const condition of [
      { IfNoneMatch: ETag },
      { IfModifiedSince: since },
      { IfNoneMatch: ETag, IfModifiedSince: past },
    ]) {
      expect(await refusal(get("read-if", condition))).toMatch(/^304 /);
    }
  });
});

describe("conditions of writes", () => {
  it("writes with If-None-Match only what is not there", async () => {
    await put("new-only", "first", { IfNoneMatch: "*" });
    expect(await refusal(put("new-only", "second", { IfNoneMatch: "*" }))).toBe("412 PreconditionFailed");
    expect((await get("new-only")).bytes.toString()).toBe("first");
  });

  it("writes with If-Match only over that version", async () => {
    const { ETag } = await put("swap", "first");
    await put("swap", "second", { IfMatch: ETag });
    expect(await refusal(put("swap", "third", { IfMatch: ETag }))).toBe("412 PreconditionFailed");
    expect(await refusal(put("swap-missing", "x", { IfMatch: ETag }))).toBe("404 NoSuchKey");
    expect((await get("swap")).bytes.toString()).toBe("second");
  });

  it.each(["If-None-Match", "If-Match"])("lets one of many writers with %s win", async (kind) => {
    const key = `race/${kind}`;
    const condition = kind === "If-Match" ? { IfMatch: (await put(key, "start")).ETag } : { IfNoneMatch: "*" };
    const writers = Array.from({ length: 12 }, (_, index) => `writer ${index} `.repeat(5000));
    const results = await Promise.allSettled(writers.map((text) => put(key, text, condition)));
    const winners = writers.filter((_, index) => results[index]?.status === "fulfilled");
    expect(winners).toHaveLength(1);
    expect((await get(key)).bytes.toString()).toBe(winners[0]);
    const losers = results
      .filter((result) => result.status === "rejected")
      .map(({ reason }) => reason as S3ServiceException);
    // AWS answers 409 to some writers that run beside the winner.
    for (const { $metadata } of losers) expect([409, 412]).toContain($metadata.httpStatusCode);
  });
});

describe("integrity", () => {
  it.each(Object.values(ChecksumAlgorithm).filter((name) => /^(CRC|SHA1|SHA256)/.test(name)))(
    "verifies, keeps and gives back %s",
    async (ChecksumAlgorithm) => {
      const bytes = randomBytes(200_000);
      const written = await put(`sum/${ChecksumAlgorithm}`, bytes, { ChecksumAlgorithm });
      const field = `Checksum${ChecksumAlgorithm}` as "ChecksumCRC32";
      // MiniStack keeps the checksum, but does not answer a write with it.
      if (!isMiniStack) expect(written[field]).toMatch(/=$/);
      const read = await get(`sum/${ChecksumAlgorithm}`, { ChecksumMode: "ENABLED" });
      expect(read[field]).toBe(written[field] ?? read[field]);
      expect(read[field]).toMatch(/=$/);
      expect(read.ChecksumType).toBe("FULL_OBJECT");
    },
  );

  it("refuses bytes that are not the declared ones, and keeps what was there", async () => {
    await put("digest", "good");
    const wrong = Buffer.from(md5("other"), "hex").toString("base64");
    expect(await refusal(put("digest", "bad", { ContentMD5: wrong }))).toBe("400 BadDigest");
    expect(await refusal(put("digest", "bad", { ContentMD5: "nonsense" }))).toBe("400 InvalidDigest");
    expect(await refusal(put("digest", "bad", { ChecksumCRC32: "AAAAAA==" }))).toBe("400 BadDigest");
    expect((await get("digest")).bytes.toString()).toBe("good");
  });

  it("sends no checksum of the whole with a part of it", async () => {
    await put("part-sum", "0123456789");
    expect((await get("part-sum", { Range: "bytes=0-4" })).ChecksumCRC32).toBeUndefined();
  });
});

describe("listing", () => {
  const keys = ["l/a", "l/a/1", "l/a/2", "l/b", "l/c/1", "l/c/d/2", "l/é & <ü>", "l/\uffee", "l/🙂"];
  beforeAll(async () => {
    await Promise.all(keys.map((key) => put(key, key)));
  });

  it("lists in the order of the keys' UTF-8 bytes", async () => {
    const { Contents, ...rest } = await list({ Prefix: "l/" });
    expect(Contents?.map(({ Key }) => Key)).toEqual(keys);
    expect(Contents?.[0]).toMatchObject({ Size: 3, ETag: `"${md5("l/a")}"`, StorageClass: "STANDARD" });
    expect(rest).toMatchObject({ KeyCount: 9, IsTruncated: false, MaxKeys: 1000, Prefix: "l/", Name: Bucket });
  });

  it("rolls up what follows the delimiter", async () => {
    const answer = await list({ Prefix: "l/", Delimiter: "/" });
    expect(answer.Contents?.map(({ Key }) => Key)).toEqual(["l/a", "l/b", ...keys.slice(6)]);
    expect(answer.CommonPrefixes).toEqual([{ Prefix: "l/a/" }, { Prefix: "l/c/" }]);
    expect(answer.KeyCount).toBe(7);
  });

  it.each([1, 2, 3, 5])("pages by %i without leaving out or repeating an entry", async (MaxKeys) => {
    const seen: (string | undefined)[] = [];
    let page = await list({ Prefix: "l/", Delimiter: "/", MaxKeys });
    for (;;) {
      expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
      seen.push(
        ...[
          ...(page.Contents ?? []).map(({ Key }) => Key),
          ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
        ].sort(),
      );
      if (page.IsTruncated !== true) break;
      page = await list({ Prefix: "l/", Delimiter: "/", MaxKeys, ContinuationToken: page.NextContinuationToken });
    }
    expect(seen.sort()).toEqual(["l/a", "l/a/", "l/b", "l/c/", ...keys.slice(6)].sort());
  });

  it("starts after a key", async () => {
    const { Contents } = await list({ Prefix: "l/", StartAfter: "l/a/2" });
    expect(Contents?.map(({ Key }) => Key)).toEqual(keys.slice(3));
  });

  it("encodes keys on request", async () => {
    const { Contents, EncodingType } = await list({ Prefix: "l/é", EncodingType: "url" });
    expect(EncodingType).toBe("url");
    expect(decodeURIComponent(Contents?.[0]?.Key?.replaceAll("+", " ") ?? "")).toBe("l/é & <ü>");
    expect(Contents?.[0]?.Key).toMatch(/^[\w/%.+-]+$/);
  });

  // MiniStack starts at any token.
  itAsAws("refuses a token that it never gave", async () => {
    expect(await refusal(list({ ContinuationToken: "not a token" }))).toBe("400 InvalidArgument");
  });

  // MiniStack says that more follows.
  itAsAws("lists nothing for max-keys 0", async () => {
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });
});

describe("multipart uploads", () => {
  const partBytes = 5 * 1024 * 1024;
  const first = randomBytes(partBytes);
  const second = randomBytes(12_345);
  type Parts = NonNullable<CompleteMultipartUploadCommandInput["MultipartUpload"]>["Parts"];

  async function begin(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
    const upload = { Bucket, Key, UploadId };
    return {
      upload,
      part: async (PartNumber: number, bytes: Buffer) => {
        const algorithm = more.ChecksumAlgorithm && { ChecksumAlgorithm: more.ChecksumAlgorithm };
        const sent = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body: bytes, ...algorithm }));
        const checksums = more.ChecksumAlgorithm && { ChecksumCRC32: sent.ChecksumCRC32 };
        return { PartNumber, ETag: sent.ETag, ...checksums };
      },
      complete: (Parts: Parts, condition: Partial<CompleteMultipartUploadCommandInput> = {}) =>
        client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...condition })),
    };
  }

  it("joins the parts in order, under S3's ETag of the parts' digests", async () => {
    const { upload, part, complete } = await begin("multi/joined", { ContentType: "text/x", Metadata: { m: "1" } });
    const parts = [await part(7, second), await part(2, second), await part(2, first)];
    const listed = await client.send(new ListPartsCommand(upload));
    expect(listed.Parts).toMatchObject([
      { PartNumber: 2, Size: partBytes },
      { PartNumber: 7, Size: 12_345 },
    ]);
    expect(await refusal(get("multi/joined"))).toBe("404 NoSuchKey");
    const { ETag } = await complete([parts[2] ?? {}, parts[0] ?? {}]);
    const digests = Buffer.from(md5(first) + md5(second), "hex");
    expect(ETag).toBe(`"${md5(digests)}-2"`);
    const whole = await get("multi/joined");
    expect(whole.bytes.equals(Buffer.concat([first, second]))).toBe(true);
    expect(whole).toMatchObject({ ETag, ContentType: "text/x", Metadata: { m: "1" } });
    expect(await refusal(client.send(new ListPartsCommand(upload)))).toBe("404 NoSuchUpload");
  });

  it("keeps a checksum of the parts' checksums where one was asked for", async () => {
    const { part, complete } = await begin("multi/sum", { ChecksumAlgorithm: "CRC32" });
    const { ChecksumCRC32 } = await complete([await part(1, first), await part(2, second)]);
    expect(ChecksumCRC32).toMatch(/^.{8}-2$/);
    expect(await get("multi/sum", { ChecksumMode: "ENABLED" })).toMatchObject({
      ChecksumCRC32,
      ChecksumType: "COMPOSITE",
    });
  });

  // MiniStack knows composite checksums only.
  itAsAws("keeps a checksum of the whole where that was asked for", async () => {
    const { part, complete } = await begin("multi/full", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const { ChecksumCRC32 } = await complete([await part(1, first), await part(2, second)]);
    expect(Buffer.from(ChecksumCRC32 ?? "", "base64").readUInt32BE()).toBe(crc32(Buffer.concat([first, second])));
    expect((await get("multi/full")).ChecksumType).toBe("FULL_OBJECT");
  });

  it("refuses parts that are unknown", async () => {
    const { part, complete } = await begin("multi/refused");
    const parts = [await part(1, second), await part(2, second)];
    expect(await refusal(complete([{ PartNumber: 1, ETag: md5("other") }]))).toBe("400 InvalidPart");
    expect(await refusal(complete([{ PartNumber: 3, ETag: md5(second) }]))).toBe("400 InvalidPart");
    expect(await refusal(get("multi/refused"))).toBe("404 NoSuchKey");
    await complete(parts.slice(0, 1));
  });

  // MiniStack joins parts of any size in any order.
  itAsAws("refuses parts out of order, and one under 5 MiB that is not the last", async () => {
    const { part, complete } = await begin("multi/small");
    const parts = [await part(1, second), await part(2, second)];
    expect(await refusal(complete(parts.toReversed()))).toBe("400 InvalidPartOrder");
    expect(await refusal(complete(parts))).toBe("400 EntityTooSmall");
  });

  it("completes with If-None-Match only what is not there", async () => {
    await put("multi/new-only", "there");
    const { part, complete } = await begin("multi/new-only");
    const parts = [await part(1, second)];
    expect(await refusal(complete(parts, { IfNoneMatch: "*" }))).toBe("412 PreconditionFailed");
    expect((await get("multi/new-only")).bytes.toString()).toBe("there");
    await complete(parts, { IfMatch: `"${md5("there")}"` });
    expect((await get("multi/new-only")).bytes.equals(second)).toBe(true);
  });

  it("forgets an aborted upload", async () => {
    const { upload, part, complete } = await begin("multi/aborted");
    const parts = [await part(1, second)];
    await client.send(new AbortMultipartUploadCommand(upload));
    expect(await refusal(complete(parts))).toBe("404 NoSuchUpload");
    expect(await refusal(part(2, second))).toBe("404 NoSuchUpload");
    expect(await refusal(get("multi/aborted"))).toBe("404 NoSuchKey");
  });
});
