import { ListObjectsCommand } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, it } from "vitest";
import { Bucket, client, itAsAws, list, md5, put, refusal } from "../test/conformance.ts";

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

  it.each([{ MaxKeys: 1 }, { MaxKeys: 2 }, { MaxKeys: 3, EncodingType: "url" as const }])(
    "is paged by its first version too, as boto3's collections ask for it (%j)",
    async (options) => {
      const seen: (string | undefined)[] = [];
      let Marker: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsCommand({ Bucket, Prefix: "l/", Delimiter: "/", Marker, ...options }),
        );
        const entries = [
          ...(page.Contents ?? []).map(({ Key }) => Key),
          ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
        ];
        expect(entries.length).toBeLessThanOrEqual(options.MaxKeys);
        seen.push(...entries.map((entry) => (options.EncodingType ? decodeURIComponent(entry ?? "") : entry)));
        Marker = page.IsTruncated ? decodeURIComponent(page.NextMarker ?? "") : undefined;
      } while (Marker !== undefined);
      expect(seen.sort()).toEqual(["l/a", "l/a/", "l/b", "l/c/", ...keys.slice(6)].sort());
    },
  );

  it("starts, by its first version, behind a common prefix that a page ended with", async () => {
    const marked = new ListObjectsCommand({ Bucket, Prefix: "l/", Delimiter: "/", Marker: "l/a/" });
    const { Contents, CommonPrefixes } = await client.send(marked);
    expect(Contents?.map(({ Key }) => Key)).toEqual(["l/b", ...keys.slice(6)]);
    expect(CommonPrefixes).toEqual([{ Prefix: "l/c/" }]);
  });

  it("lists nothing where nothing is wanted", async () => {
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  it("starts after a key", async () => {
    const { Contents } = await list({ Prefix: "l/", StartAfter: "l/a/2" });
    expect(Contents?.map(({ Key }) => Key)).toEqual(keys.slice(3));
  });

  it("names owners on request", async () => {
    expect((await list({ FetchOwner: true })).Contents?.at(0)?.Owner?.ID).toEqual(expect.any(String));
    expect((await list()).Contents?.at(0)).not.toHaveProperty("Owner");
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
