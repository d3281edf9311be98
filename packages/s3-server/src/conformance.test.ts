import { createHash, randomBytes, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import {
  ChecksumAlgorithm,
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, it } from "vitest";
import { Bucket, client, get, head, isMiniStack, itAsAws, list, md5, put, refusal } from "../test/conformance.ts";

describe("buckets", () => {
  it("creates a bucket that exists already without complaint, and lists it", async () => {
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new HeadBucketCommand({ Bucket }));
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    expect(Buckets.find(({ Name }) => Name === Bucket)?.CreationDate).toBeInstanceOf(Date);
  });

  it("says where a bucket is and that it has no versions, which some clients ask before anything else", async () => {
    expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    expect(await refusal(client.send(new GetBucketLocationCommand({ Bucket: randomUUID() })))).toBe("404 NoSuchBucket");
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
    expect(await refusal(put("ü".repeat(513), "longer"))).toBe("400 KeyTooLongError");
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
    const quiet = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    expect(quiet.Deleted ?? []).toEqual([]);
  });

  itAsAws("refuses to delete more than a thousand at once, and deletes none then", async () => {
    await put("many/0", "x");
    const Objects = Array.from({ length: 1001 }, (_, n) => ({ Key: `many/${n}` }));
    const refused = client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(await refusal(refused)).toBe("400 MalformedXML");
    expect((await list({ Prefix: "many/" })).KeyCount).toBe(1);
  });

  it("copies an object with its metadata, or with new ones", async () => {
    await put("copy/from ü", "original", { ContentType: "text/a", Metadata: { m: "1" } });
    const CopySource = encodeURI(`${Bucket}/copy/from ü`);
    const kept = await client.send(new CopyObjectCommand({ Bucket, Key: "copy/kept", CopySource }));
    expect(kept.CopyObjectResult?.ETag).toBe(`"${md5("original")}"`);
    expect(await get("copy/kept")).toMatchObject({ ContentType: "text/a", Metadata: { m: "1" } });
    const fresh = { MetadataDirective: "REPLACE", ContentType: "text/b", Metadata: { n: "2" } } as const;
    await client.send(new CopyObjectCommand({ Bucket, Key: "copy/new", CopySource: `/${CopySource}`, ...fresh }));
    const copy = await get("copy/new");
    expect(copy).toMatchObject({ ContentType: "text/b", Metadata: { n: "2" } });
    expect(copy.bytes.toString()).toBe("original");
    const absent = new CopyObjectCommand({ Bucket, Key: "copy/x", CopySource: `${Bucket}/copy/none` });
    expect(await refusal(client.send(absent))).toBe("404 NoSuchKey");
  });

  itAsAws("gives a copy the checksum that is asked for, or the source's kind", async () => {
    await put("sum/source", "original", { ChecksumAlgorithm: "SHA1" });
    const copied = async (Key: string, more: object = {}) => {
      const copy = new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/sum/source`, ...more });
      const { CopyObjectResult } = await client.send(copy);
      const { ChecksumSHA1, ChecksumSHA256 } = await get(Key, { ChecksumMode: "ENABLED" });
      expect(CopyObjectResult).toMatchObject({ ...(ChecksumSHA1 && { ChecksumSHA1 }), ChecksumType: "FULL_OBJECT" });
      return { ChecksumSHA1, ChecksumSHA256 };
    };
    const digest = (name: string) => createHash(name).update("original").digest("base64");
    expect(await copied("sum/same")).toEqual({ ChecksumSHA1: digest("sha1") });
    expect(await copied("sum/other", { ChecksumAlgorithm: "SHA256" })).toEqual({ ChecksumSHA256: digest("sha256") });
    expect(await refusal(copied("sum/none", { ChecksumAlgorithm: "SHA512_256" }))).toBe("400 InvalidRequest");
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
  itAsAws.each(["bytes=a-b", "lines=1-2", "bytes=-", "bytes=5-2"])("ignores %s, which is no range", async (Range) => {
    const whole = await get("digits", { Range });
    expect(whole.bytes.toString()).toBe("0123456789");
    expect(whole.$metadata.httpStatusCode).toBe(200);
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
