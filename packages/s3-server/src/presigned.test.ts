import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect } from "vitest";
import { Bucket, get, it, put, send } from "../test/server.ts";

describe("a presigned URL", () => {
  const path = `/${Bucket}/k`;
  const version4 =
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261126T080212Z&X-Amz-SignedHeaders=host&X-Amz-Signature=0";

  it.for([
    ["AWS's client for JavaScript", `${version4}&x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-meta-a=%C3%A9&x-id=PutObject`],
    ["boto3", "AWSAccessKeyId=a&Signature=0%3D&content-type=text%2Fx&x-amz-meta-a=%C3%A9&Expires=1795683732"],
  ] as const)(
    "of %s uploads with the metadata that it carries, and downloads",
    async ([, query], { server, client }) => {
      await put(client, "other", "x");
      const headers = { "content-type": "text/x" };
      const sent = await send(server.url, { method: "PUT", path: `${path}?${query}`, headers, body: "x" });
      expect([sent.status, sent.body]).toEqual([200, ""]);
      const found = await client.send(new HeadObjectCommand({ Bucket, Key: "k" }));
      expect(found).toMatchObject({ Metadata: { a: Buffer.from("é").toString("latin1") }, ContentType: "text/x" });
      const signature = query.replace(/&(x-amz-meta|content|x-id).*?(?=&|$)/g, "");
      expect((await send(server.url, { method: "GET", path: `${path}?${signature}` })).body).toBe("x");
    },
  );

  it("copies where it says so, and is refused with a header that S3 has and this server has not", async ({
    server,
    client,
  }) => {
    await put(client, "other", "to copy");
    await put(client, "k", "old");
    const ask = (more: string) => send(server.url, { method: "PUT", path: `${path}?${version4}&${more}`, body: "" });
    expect((await ask("x-amz-acl=public-read")).body).toContain(
      "PutObject with the header x-amz-acl is not implemented",
    );
    expect((await ask("x-amz-meta-a=two%0D%0Alines")).body).toContain("<Code>InvalidArgument</Code>");
    expect((await get(client, "k")).toString()).toBe("old");
    expect((await ask(`x-amz-copy-source=${Bucket}%2Fother`)).body).toContain("<CopyObjectResult");
    expect((await get(client, "k")).toString()).toBe("to copy");
  });

  it("says of a download what it shall be called", async ({ server, client }) => {
    await client.send(
      new PutObjectCommand({ Bucket, Key: "k", Body: "x", ContentType: "text/x", CacheControl: "no-store" }),
    );
    const disposition = 'attachment; filename="é.txt"';
    const named = `response-content-disposition=${encodeURIComponent(disposition)}&response-content-type=text%2Fplain`;
    for (const method of ["GET", "HEAD"]) {
      const { status, headers } = await send(server.url, { method, path: `${path}?${version4}&${named}` });
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        "content-disposition": Buffer.from(disposition).toString("latin1"),
        "content-type": "text/plain",
        "cache-control": "no-store",
      });
    }
    const broken = await send(server.url, { method: "GET", path: `${path}?response-content-type=two%0D%0Alines` });
    expect([broken.status, broken.body]).toEqual([400, expect.stringContaining("<Code>InvalidArgument</Code>")]);
  });
});
