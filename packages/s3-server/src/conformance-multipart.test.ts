import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  paginateListParts,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompleteMultipartUploadCommandInput,
  type CreateMultipartUploadCommandInput,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { Bucket, client, get, itAsAws, md5, put, refusal } from "../test/conformance.ts";

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

  it.each([undefined, "CRC32" as const])("takes parts of other objects (checksum: %s)", async (ChecksumAlgorithm) => {
    await put("multi/source", Buffer.concat([first, second]));
    const { upload, complete } = await begin("multi/copied", ChecksumAlgorithm && { ChecksumAlgorithm });
    const copy = async (PartNumber: number, CopySourceRange?: string) => {
      const source = { CopySource: `${Bucket}/multi/source`, CopySourceRange };
      const { CopyPartResult } = await client.send(new UploadPartCopyCommand({ ...upload, PartNumber, ...source }));
      return { PartNumber, ETag: CopyPartResult?.ETag, ChecksumCRC32: CopyPartResult?.ChecksumCRC32 };
    };
    const parts = [await copy(1), await copy(2, `bytes=5-${partBytes + 9}`)];
    await complete(parts);
    const whole = Buffer.concat([first, second, first.subarray(5), second.subarray(0, 10)]);
    expect((await get("multi/copied")).bytes.equals(whole)).toBe(true);
  });

  it("refuses to copy what the source hasn't got", async () => {
    await put("multi/small", "small");
    const { upload } = await begin("multi/beyond");
    const copy = (source: object) =>
      client.send(
        new UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource: `${Bucket}/multi/small`, ...source }),
      );
    expect(await refusal(copy({ CopySourceRange: "bytes=1-5" }))).toBe("400 InvalidArgument");
    expect(await refusal(copy({ CopySource: `${Bucket}/multi/none` }))).toBe("404 NoSuchKey");
    expect(await refusal(copy({ CopySourceIfMatch: '"other"' }))).toBe("412 PreconditionFailed");
    const same = { CopySourceIfNoneMatch: `"${md5("small")}"` };
    expect(await refusal(copy(same))).toBe("412 PreconditionFailed");
  });

  // As Java's and Go's transfer managers download. MiniStack keeps no parts.
  itAsAws("gives an object back part by part", async () => {
    const { part, complete } = await begin("multi/by-part");
    await complete([await part(3, first), await part(7, second)]);
    const whole = partBytes + second.length;
    const last = await get("multi/by-part", { PartNumber: 2 });
    expect(last.bytes.equals(second)).toBe(true);
    expect(last).toMatchObject({ PartsCount: 2, ContentRange: `bytes ${partBytes}-${whole - 1}/${whole}` });
    const found = await client.send(new HeadObjectCommand({ Bucket, Key: "multi/by-part", PartNumber: 1 }));
    expect(found).toMatchObject({ PartsCount: 2, ContentLength: partBytes });
    expect(await refusal(get("multi/by-part", { PartNumber: 3 }))).toBe("416 InvalidPartNumber");
    expect(await refusal(get("multi/by-part", { PartNumber: 0 }))).toBe("400 InvalidArgument");
    expect(await refusal(get("multi/by-part", { PartNumber: 1, Range: "bytes=0-1" }))).toBe("400 InvalidRequest");
  });

  itAsAws("takes what did not come in parts for one", async () => {
    await put("multi/at-once", "whole");
    const only = await get("multi/at-once", { PartNumber: 1 });
    expect([only.bytes.toString(), only.ContentRange, only.PartsCount]).toEqual(["whole", "bytes 0-4/5", undefined]);
    expect(await refusal(get("multi/at-once", { PartNumber: 2 }))).toBe("416 InvalidPartNumber");
    await put("multi/nothing", "");
    expect((await get("multi/nothing", { PartNumber: 1 })).ContentRange).toBeUndefined();
  });

  it("keeps a checksum of the parts' checksums where one was asked for", async () => {
    const { part, complete } = await begin("multi/sum", { ChecksumAlgorithm: "CRC32" });
    const { ChecksumCRC32 } = await complete([await part(1, first), await part(2, second)]);
    expect(ChecksumCRC32).toMatch(/^.{8}-2$/);
    expect(await get("multi/sum", { ChecksumMode: "ENABLED" })).toMatchObject({
      ChecksumCRC32,
      ChecksumType: "COMPOSITE",
    });
    // A copy is no sum of parts.
    const CopySource = `${Bucket}/multi/sum`;
    await client.send(new CopyObjectCommand({ Bucket, Key: "multi/copy-of-sum", CopySource }));
    expect((await get("multi/copy-of-sum", { ChecksumMode: "ENABLED" })).ChecksumCRC32).not.toBe(ChecksumCRC32);
  });

  itAsAws("takes the parts' checksum without their number, as MinIO's clients declare it", async () => {
    const { part, complete } = await begin("multi/bare-sum", { ChecksumAlgorithm: "CRC32" });
    const parts = [await part(1, first), await part(2, second)];
    const sums = parts.map(({ ChecksumCRC32 }) => Buffer.from(ChecksumCRC32 ?? "", "base64"));
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(Buffer.concat(sums)));
    expect(await refusal(complete(parts, { ChecksumCRC32: "AAAAAA==" }))).toBe("400 BadDigest");
    const { ChecksumCRC32 } = await complete(parts, { ChecksumCRC32: sum.toString("base64") });
    expect(ChecksumCRC32).toBe(`${sum.toString("base64")}-2`);
  });

  // MiniStack knows composite checksums only.
  itAsAws("keeps a checksum of the whole where that was asked for", async () => {
    const { part, complete } = await begin("multi/full", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const { ChecksumCRC32 } = await complete([await part(1, first), await part(2, second)]);
    expect(Buffer.from(ChecksumCRC32 ?? "", "base64").readUInt32BE()).toBe(crc32(Buffer.concat([first, second])));
    expect((await get("multi/full")).ChecksumType).toBe("FULL_OBJECT");
  });

  itAsAws.each([
    ["SHA256", "FULL_OBJECT"],
    ["CRC64NVME", "COMPOSITE"],
  ] as const)("refuses a checksum that can't be had: %s of type %s", async (ChecksumAlgorithm, ChecksumType) => {
    expect(await refusal(begin("multi/none", { ChecksumAlgorithm, ChecksumType }))).toBe("400 InvalidRequest");
  });

  // MiniStack looks at neither.
  itAsAws("completes what is the declared whole only, by its checksum or its size", async () => {
    const { part, complete } = await begin("multi/declared", {
      ChecksumAlgorithm: "CRC32",
      ChecksumType: "FULL_OBJECT",
    });
    const parts = [await part(1, first), await part(2, second)];
    const bytes = Buffer.concat([first, second]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    const declared = { ChecksumType: "FULL_OBJECT", ChecksumCRC32: sum.toString("base64") } as const;
    expect(await refusal(complete(parts, { ...declared, ChecksumCRC32: "AAAAAA==" }))).toBe("400 BadDigest");
    expect(await refusal(complete(parts, { ChecksumSHA256: "AAAAAA==" }))).toBe("400 InvalidRequest");
    expect(await refusal(complete(parts, { ChecksumType: "COMPOSITE" }))).toBe("400 InvalidRequest");
    expect(await refusal(complete(parts, { MpuObjectSize: 1 }))).toBe("400 InvalidRequest");
    await complete(parts, { ...declared, MpuObjectSize: bytes.length });
    expect((await get("multi/declared")).bytes.equals(bytes)).toBe(true);
  });

  // MiniStack answers a second time with NoSuchUpload.
  itAsAws("says again what it has made to a client that got no answer", async () => {
    await put("multi/again", "there");
    const { part, complete } = await begin("multi/again");
    const parts = [await part(1, second)];
    const condition = { IfMatch: `"${md5("there")}"` };
    const { ETag } = await complete(parts, condition);
    expect((await complete(parts, condition)).ETag).toBe(ETag);
    await put("multi/again", "something else");
    expect(await refusal(complete(parts, condition))).toBe("404 NoSuchUpload");
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
    expect(await refusal(complete([...parts.slice(0, 1), ...parts]))).toBe("400 InvalidPartOrder");
    expect(await refusal(complete(parts))).toBe("400 EntityTooSmall");
    expect(await refusal(part(10_001, second))).toBe("400 InvalidArgument");
  });

  itAsAws("refuses a part whose checksum is another, or of another kind", async () => {
    const { upload, part, complete } = await begin("multi/other-sum", { ChecksumAlgorithm: "CRC32" });
    const sent = await part(1, second);
    expect(await refusal(complete([{ ...sent, ChecksumCRC32: "AAAAAA==" }]))).toBe("400 InvalidPart");
    const other = { PartNumber: 2, Body: second, ChecksumAlgorithm: "SHA256" as const };
    expect(await refusal(client.send(new UploadPartCommand({ ...upload, ...other })))).toBe("400 InvalidRequest");
    await complete([sent]);
  });

  it("lists parts by pages", async () => {
    const { upload, part } = await begin("multi/paged");
    for (const number of [1, 3, 4]) await part(number, second);
    // Most clients go by this, and not by the marker.
    const page = (more: object) => client.send(new ListPartsCommand({ ...upload, ...more }));
    expect(await page({ MaxParts: 2 })).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "3" });
    expect(await page({ PartNumberMarker: "3" })).toMatchObject({ IsTruncated: false });
    const listed = [];
    for await (const { Parts = [] } of paginateListParts({ client, pageSize: 2 }, upload)) {
      listed.push(...Parts.map(({ PartNumber }) => PartNumber));
    }
    expect(listed).toEqual([1, 3, 4]);
  });

  it("lists the uploads that are under way by pages, as clients do that clean up", async () => {
    const keys = ["cleanup/a", "cleanup/a", "cleanup/b/1", "cleanup/b/2", "cleanup/c"];
    const begun: (string | undefined)[] = [];
    for (const key of keys) begun.push((await begin(key)).upload.UploadId);
    const page = (more: object) =>
      client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "cleanup/", ...more }));
    const { Uploads, CommonPrefixes } = await page({ Delimiter: "/" });
    expect(Uploads?.map(({ Key }) => Key)).toEqual(["cleanup/a", "cleanup/a", "cleanup/c"]);
    expect(CommonPrefixes).toEqual([{ Prefix: "cleanup/b/" }]);

    const seen: (string | undefined)[] = [];
    for (let rest = await page({ MaxUploads: 1 }); rest.Uploads;) {
      const [{ Key, UploadId, Initiated } = {}] = rest.Uploads;
      expect(Initiated).toBeInstanceOf(Date);
      seen.push(UploadId);
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = rest;
      rest = await page({ MaxUploads: 1, KeyMarker, UploadIdMarker });
    }
    expect(seen.toSorted()).toEqual(begun.toSorted());
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
