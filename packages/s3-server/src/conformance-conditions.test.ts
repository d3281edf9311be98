import type { GetObjectCommandInput, S3ServiceException } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, it } from "vitest";
import { get, head, md5, put, refusal } from "../test/conformance.ts";

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
    const another = await get("read-if", { IfNoneMatch: other, IfModifiedSince: since });
    expect(another.bytes.toString()).toBe("x");
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
