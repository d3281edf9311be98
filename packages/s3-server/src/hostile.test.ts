import { readdir } from "node:fs/promises";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { describe, expect } from "vitest";
import { Bucket, get, it, put, send } from "../test/server.ts";

const keys = [
  "..",
  ".",
  "../../../escaped",
  "a/../../../escaped",
  "/etc/passwd",
  "..\\..\\escaped",
  "%2e%2e%2fescaped",
  ".locks",
  ".drafts/x",
  "CON",
  "nul\u0000byte",
  "control\u0001\u001f\n\r\t",
  "prefix",
  "prefix/of/another",
  "Case",
  "case",
  "composed é",
  "decomposed e\u0301",
  "🙂".repeat(256),
  "__proto__",
  "constructor",
];

describe("a hostile key", () => {
  it("names its own object and nothing else on the disk", async ({ root, client }) => {
    for (const key of keys) await put(client, key, `content of ${key}`);
    for (const key of keys) expect((await get(client, key)).toString()).toBe(`content of ${key}`);
    expect((await readdir(root)).sort()).toEqual([".drafts", ".locks", ".uploads", Bucket]);
    const files = await readdir(`${root}/${Bucket}`);
    expect(files).toHaveLength(keys.length);
    expect(files.filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
  });

  it("is listed as it is, encoded where it asks for that", async ({ client }) => {
    for (const key of keys) await put(client, key, "x");
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, EncodingType: "url" }));
    expect(Contents.map(({ Key }) => decodeURIComponent(Key ?? "")).sort()).toEqual([...keys].sort());
  });
});

describe("a hostile bucket", () => {
  it.for(["..", "%2e%2e", "..%2f..%2fetc", ".uploads", ".drafts", ".locks", "a..b", "UPPER", "a%00b", "a".repeat(64)])(
    "%s is neither made nor found",
    async (bucket, { server, root }) => {
      const made = await send(server.url, { method: "PUT", path: `/${bucket}` });
      expect([made.status, made.body]).toEqual([400, expect.stringContaining("<Code>InvalidBucketName</Code>")]);
      const found = await send(server.url, { method: "GET", path: `/${bucket}/passwd` });
      expect([found.status, found.body]).toEqual([404, expect.stringContaining("<Code>NoSuchBucket</Code>")]);
      expect((await readdir(root)).sort()).toEqual([".drafts", ".locks", ".uploads"]);
    },
  );
});

it("malformed escapes and targets are refused", async ({ server }) => {
  for (const path of ["/bucket/%", "/bucket/%ff", "/%c0%ae", "*"]) {
    const answer = await send(server.url, { method: "GET", path });
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("<Code>InvalidURI</Code>")]);
  }
});

it.for<Record<string, string>>([
  { origin: "https://elsewhere.example" },
  { origin: "null" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-origin" }, // a name that was made to lead to this machine
])("a page in this machine's browser can do nothing here: %j", async (headers, { server, client }) => {
  await put(client, "key", "content");
  const body = "<Delete><Object><Key>key</Key></Object></Delete>";
  const requests = [
    { method: "POST", path: `/${Bucket}?delete`, body },
    { method: "GET", path: `/${Bucket}/key` },
  ];
  for (const request of requests) expect((await send(server.url, { ...request, headers })).status).toBe(403);
  expect((await get(client, "key")).toString()).toBe("content");
});
