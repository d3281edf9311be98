import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect as connectTo } from "node:net";
import { text } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { CreateBucketCommand, DeleteObjectsCommand, GetObjectAclCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect } from "vitest";
import { Bucket, get, it, put, send } from "../test/server.ts";

describe("an aws-chunked upload", () => {
  const path = `/${Bucket}/k`;
  const checksum = (text: string): string => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(text));
    return bytes.toString("base64");
  };
  const upload = (body: string, decodedLength: number) => ({
    method: "PUT",
    path,
    headers: {
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": String(decodedLength),
      "x-amz-trailer": "x-amz-checksum-crc32",
    },
    body,
  });

  it("is taken with signed chunks", async ({ server, client }) => {
    const trailers = `x-amz-checksum-crc32:${checksum("hello world")}\r\nx-amz-trailer-signature:abc\r\n\r\n`;
    const body = `6;chunk-signature=1f\r\nhello \r\n5;chunk-signature=2e\r\nworld\r\n0;chunk-signature=3d\r\n${trailers}`;
    expect((await send(server.url, upload(body, 11))).status).toBe(200);
    expect((await get(client, "k")).toString()).toBe("hello world");
  });

  it.for([
    [
      "a trailing checksum of other bytes",
      `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${checksum("other")}\r\n\r\n`,
      "BadDigest",
    ],
    ["the trailing checksum missing", "5\r\nhello\r\n0\r\n\r\n", "MalformedTrailerError"],
    ["a chunk cut short", "6\r\nhello", "IncompleteBody"],
    ["no last chunk", "5\r\nhello\r\n", "IncompleteBody"],
    ["a chunk longer than it says", "4\r\nhello\r\n0\r\n\r\n", "IncompleteBody"],
    ["fewer bytes than announced", "4\r\nhell\r\n0\r\n\r\n", "IncompleteBody"],
    ["no framing at all", "hello", "IncompleteBody"],
  ] as const)("is refused with %s, and the old object stays", async ([, body, code], { server, client }) => {
    await put(client, "k", "old");
    const answer = await send(server.url, upload(body, 5));
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
    expect((await get(client, "k")).toString()).toBe("old");
  });
});

describe("a plain upload", () => {
  it("is refused if its bytes are not those that were signed", async ({ server, client }) => {
    const headers = { "x-amz-content-sha256": createHash("sha256").update("other").digest("hex") };
    await put(client, "k", "old");
    const answer = await send(server.url, { method: "PUT", path: `/${Bucket}/k`, headers, body: "x" });
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("XAmzContentSHA256Mismatch")]);
    expect((await get(client, "k")).toString()).toBe("old");
  });

  it("is refused without a length", async ({ server, client }) => {
    await put(client, "other", "x");
    const headers = { "transfer-encoding": "chunked" };
    const answer = await send(server.url, { method: "PUT", path: `/${Bucket}/k`, headers, body: "x" });
    expect([answer.status, answer.body]).toEqual([411, expect.stringContaining("<Code>MissingContentLength</Code>")]);
  });
});

describe("what is not implemented", () => {
  it.for([
    ["GET", `/${Bucket}/k?acl`, {}, "GET on the object with ?acl"],
    ["GET", `/${Bucket}/k?versionId=1&x-id=GetObject`, {}, "GetObject with ?versionId"],
    ["PUT", `/${Bucket}/k`, { "x-amz-acl": "public-read" }, "PutObject with the header x-amz-acl"],
    ["PUT", `/${Bucket}/k`, { "x-amz-copy-source": `${Bucket}/k?versionId=1` }, "A copy of a version"],
    ["PUT", `/${Bucket}/k?tagging`, { "x-amz-copy-source": "a/b" }, "as a copy with ?tagging"],
    [
      "PUT",
      `/${Bucket}/k`,
      { "x-amz-copy-source": `${Bucket}/k`, "x-amz-copy-source-range": "bytes=0-1" },
      "CopyObject of a range",
    ],
    ["PUT", `/${Bucket}/k`, { "x-amz-checksum-sha512": "AAAA" }, "PutObject with the header x-amz-checksum-sha512"],
    ["PUT", `/${Bucket}/k`, { "x-amz-trailer": "x-amz-checksum-md5" }, "PutObject with the header x-amz-checksum-md5"],
    ["PATCH", `/${Bucket}/k`, {}, "PATCH on the object"],
  ] as const)("is refused with 501 and its name: %s %s", async ([method, path, headers, name], { server, client }) => {
    await put(client, "k", "old");
    const answer = await send(server.url, { method, path, headers, body: "" });
    expect(answer.status).toBe(501);
    expect(answer.body).toContain("<Code>NotImplemented</Code>");
    expect(answer.body).toContain(`${name.replaceAll("&", "&#38;")} is not implemented`);
    expect((await get(client, "k")).toString()).toBe("old");
  });

  it("is no refusal of what is so anyway, which Arrow and s3cmd say", async ({ server, client }) => {
    const headers = { "x-amz-storage-class": "STANDARD", "x-amz-acl": "private", "x-amz-api-version": "2006-03-01" };
    expect((await send(server.url, { method: "PUT", path: `/${Bucket}/k`, headers, body: "new" })).status).toBe(200);
    expect((await get(client, "k")).toString()).toBe("new");
    const glacier = {
      method: "PUT",
      path: `/${Bucket}/k`,
      headers: { "x-amz-storage-class": "GLACIER" },
      body: "cold",
    };
    expect((await send(server.url, glacier)).status).toBe(501);
    expect((await get(client, "k")).toString()).toBe("new");
  });

  it("is no refusal of an offer, which Java's client makes with each download", async ({ server, client }) => {
    await put(client, "k", "text");
    const headers = { "x-amz-te": "append-md5" };
    expect(await send(server.url, { method: "GET", path: `/${Bucket}/k`, headers })).toMatchObject({ body: "text" });
  });

  it("is not done to an object of many either", async ({ client }) => {
    await put(client, "k", "old");
    for (const condition of [{ ETag: '"other"' }, { VersionId: "other" }, { Size: 1 }]) {
      const Delete = { Objects: [{ Key: "k", ...condition }] };
      const deleted = client.send(new DeleteObjectsCommand({ Bucket, Delete }));
      await expect(deleted).rejects.toMatchObject({ name: "NotImplemented" });
    }
    expect((await get(client, "k")).toString()).toBe("old");
  });

  it("is an error of its own to AWS's client", async ({ client }) => {
    const acl = client.send(new GetObjectAclCommand({ Bucket, Key: "k" }));
    await expect(acl).rejects.toMatchObject({ name: "NotImplemented" });
    const encrypted = new PutObjectCommand({ Bucket, Key: "k", Body: "x", ServerSideEncryption: "AES256" });
    await expect(client.send(encrypted)).rejects.toMatchObject({ name: "NotImplemented" });
  });
});

describe("an answer", () => {
  it("to HEAD has the headers of GET and no body, also for an error", async ({ server, client }) => {
    await put(client, "k", "0123456789");
    const found = await send(server.url, { method: "HEAD", path: `/${Bucket}/k`, headers: { range: "bytes=2-4" } });
    expect([found.status, found.headers["content-length"], found.body]).toEqual([206, "3", ""]);
    const missing = await send(server.url, { method: "HEAD", path: `/${Bucket}/none` });
    expect([missing.status, missing.body]).toEqual([404, ""]);
  });

  it("to an unsatisfiable range says how long the object is", async ({ server, client }) => {
    await put(client, "k", "0123456789");
    const answer = await send(server.url, { method: "GET", path: `/${Bucket}/k`, headers: { range: "bytes=10-" } });
    expect(answer.headers["content-range"]).toBe("bytes */10");
    expect(answer.body).toContain("<ActualObjectSize>10</ActualObjectSize>");
  });

  it("is in S3's namespace, but for an error, whose code boto3 would not find there", async ({ server, client }) => {
    await put(client, "k", "x");
    const listed = await send(server.url, { method: "GET", path: `/${Bucket}?list-type=2` });
    expect(listed.body).toContain('<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">');
    const missing = await send(server.url, { method: "GET", path: `/${Bucket}/none` });
    expect(missing.body).toContain("<Error><Code>NoSuchKey</Code>");
  });

  it("comes on the same connection after an upload that was refused unread", async ({ server, client }) => {
    await put(client, "k", "x");
    const body = Buffer.alloc(3_000_000);
    const refused = await send(server.url, { method: "PUT", path: "/no-bucket/k", body });
    expect([refused.status, refused.body]).toEqual([404, expect.stringContaining("<Code>NoSuchBucket</Code>")]);
    expect((await get(client, "k")).toString()).toBe("x");
  });
});

describe("a request that is refused", () => {
  const chunked = (lengthBytes: number) =>
    `PUT /${Bucket}/k HTTP/1.1\r\nhost: s3\r\ncontent-length: ${lengthBytes}\r\n` +
    "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n\r\n";

  it("half read leaves the connection to the next one", async ({ server, client }) => {
    await put(client, "k", "there");
    const socket = connectTo(server.port);
    const next = `GET /${Bucket}/k HTTP/1.1\r\nhost: s3\r\nconnection: close\r\n\r\n`;
    socket.write(`${chunked(3_000_000)}${"x".repeat(3_000_000)}${next}`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 [^]+IncompleteBody[^]+HTTP\/1.1 200 [^]+\r\n\r\nthere$/);
  });

  it("for a chunk whose size never ends is so before the end of all", async ({ server, client }) => {
    await put(client, "k", "there");
    const socket = connectTo(server.port);
    socket.write(`${chunked(1e9)}${"0".repeat(100_000)}`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toContain("<Code>IncompleteBody</Code>");
    socket.destroy();
  });

  it("for a document larger than any of S3's is so before the end of all", async ({ server, client }) => {
    await put(client, "k", "there");
    const socket = connectTo(server.port);
    socket.write(`POST /${Bucket}?delete HTTP/1.1\r\nhost: s3\r\ncontent-length: 1000000000\r\n\r\n`);
    socket.write("<Delete>".repeat(600_000));
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toContain("<Code>MalformedXML</Code>");
    socket.destroy();
  });
});

it("finds the bucket in the host name too, also one with dots", async ({ server, client }) => {
  await client.send(new CreateBucketCommand({ Bucket: "dotted.bucket" }));
  const dotted = { host: `dotted.bucket.localhost:${server.port}` };
  const listed = await send(server.url, { method: "GET", path: "/?list-type=2", headers: dotted });
  expect(listed.body).toContain("<Name>dotted.bucket</Name>");
  await put(client, "a/b", "x");
  const headers = { host: `${Bucket}.localhost:${server.port}` };
  expect((await send(server.url, { method: "GET", path: "/a/b", headers })).body).toBe("x");
  expect((await send(server.url, { method: "GET", path: "/?list-type=2", headers })).body).toContain("<Key>a/b</Key>");
});
