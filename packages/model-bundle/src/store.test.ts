import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { itWithStore } from "../test/with-store.ts";
import { readPointer } from "./pointer.ts";
import { storeError } from "./store-errors.ts";
import { storeOptions } from "./store-options.ts";
import { ModelStore } from "./store.ts";

describe("a store", () => {
  itWithStore("tells a watcher that an object is unchanged", async ({ store }) => {
    await store.write("a.json", "1");
    const { text, etag } = await store.readText("a.json");
    expect(text).toBe("1");
    await expect(store.readText("a.json", { unlessEtag: etag })).rejects.toMatchObject({ code: "not_modified" });
    await store.write("a.json", "2");
    expect(await store.readText("a.json", { unlessEtag: etag })).toMatchObject({ text: "2" });
  });

  itWithStore("writes under a condition only if it holds", async ({ store }) => {
    await store.write("a.json", "1", { ifAbsent: true });
    const { etag } = await store.readText("a.json");
    await expect(store.write("a.json", "2", { ifAbsent: true })).rejects.toMatchObject({ code: "precondition_failed" });
    await store.write("a.json", "2", { ifMatch: etag });
    await expect(store.write("a.json", "3", { ifMatch: etag })).rejects.toMatchObject({ code: "precondition_failed" });
    expect(await store.readText("a.json")).toMatchObject({ text: "2" });
  });

  itWithStore("reads a small object again when its body breaks off", async ({ store, faults }) => {
    await store.write("a.json", "a text of some length");
    faults.add({ kind: "drop", afterBytes: 6 }, { operation: "GetObject" });
    expect(await store.readText("a.json")).toMatchObject({ text: "a text of some length" });
  });

  itWithStore("tells a missing object from a missing bucket, by name", async ({ store, url }) => {
    await expect(store.sizeOf("nothing")).rejects.toThrow("s3://models/nothing doesn't exist");
    const other = new ModelStore(storeOptions("no-such-bucket", { AWS_ENDPOINT_URL: url }));
    await expect(other.readText("a")).rejects.toMatchObject({
      code: "no_bucket",
      message: "s3://no-such-bucket/a: the bucket doesn't exist",
    });
    await expect(readPointer(other)).rejects.toMatchObject({ code: "no_bucket" });
  });

  it("is read though this machine's clock is hours off, by the store's", async () => {
    const offMs = 2 * 3_600_000;
    const server = createServer(({ headers }, response) => {
      const nowMs = Date.now() + offMs;
      const sentAt = String(headers["x-amz-date"]).replace(/(....)(..)(..T..)(..)/, "$1-$2-$3:$4:");
      response.setHeader("date", new Date(nowMs).toUTCString());
      if (Math.abs(Date.parse(sentAt) - nowMs) < 900_000) response.end("in time");
      else response.writeHead(403).end("<Error><Code>RequestTimeTooSkewed</Code><Message>Too far.</Message></Error>");
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const options = storeOptions("models", { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
    const store = new ModelStore({ ...options, retryDelayMs: 1 });
    try {
      expect(await store.readText("a.json")).toMatchObject({ text: "in time" });
    } finally {
      store.close();
      server.close();
    }
  });

  it("says that nobody answers", async () => {
    const options = storeOptions("models", { AWS_ENDPOINT_URL: "http://127.0.0.1:1" });
    const store = new ModelStore({ ...options, retryDelayMs: 1 });
    await expect(store.readText("a.json")).rejects.toMatchObject({
      code: "store_unreachable",
      message: expect.stringMatching(/^s3:\/\/models\/a\.json: the store can't be reached: .*ECONNREFUSED/) as string,
    });
  });

  it.each([
    [403, "<Code>AccessDenied</Code><Message>Access Denied</Message>", "or isn't there to be read (403 AccessDenied)"],
    [403, "<Code>AccessDenied</Code><Message>No kms:Decrypt.</Message>", "(403 AccessDenied: No kms:Decrypt.)"],
    [301, "<Code>PermanentRedirect</Code><Message>Go.</Message>", "PermanentRedirect: Go. The bucket is in eu-west-1."],
  ])("says of %d what the store does: %s", async (status, error, said) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { "x-amz-bucket-region": "eu-west-1" });
      response.end(`<Error>${error}</Error>`);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const store = new ModelStore(storeOptions("models", { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }));
    try {
      await expect(store.readText("a.json")).rejects.toThrow(said);
    } finally {
      store.close();
      server.close();
    }
  });

  it.each([
    [{ name: "AccessDenied", $metadata: { httpStatusCode: 403 } }, "store_denied"],
    [{ name: "CredentialsProviderError", message: "Could not load credentials" }, "store_denied"],
    [{ name: "ConditionalRequestConflict", $metadata: { httpStatusCode: 409 } }, "precondition_failed"],
    [{ name: "InternalError", $metadata: { httpStatusCode: 500 } }, "store_failed"],
    [{ name: "AbortError" }, "aborted"],
    [{ name: "TimeoutError" }, "store_unreachable"],
  ])("knows %j as %s", (properties, code) => {
    expect(storeError(Object.assign(new Error("x"), properties), "s3://models/a")).toMatchObject({ code });
  });
});

describe("a store's options", () => {
  it("need no credentials for an endpoint on this machine", () => {
    expect(storeOptions("b", { AWS_ENDPOINT_URL: "http://localhost:9000" })).toHaveProperty("credentials");
  });

  it.each(["foo", "localhost:9000", "ftp://127.0.0.1"])(
    "name an endpoint that is not a URL of HTTP: %s",
    (endpoint) => {
      const words = `the endpoint "${endpoint}" is not a URL of HTTP`;
      expect(() => storeOptions("b", { AWS_ENDPOINT_URL: endpoint })).toThrow(words);
    },
  );

  it.each(["s3://models", "models/"])("name no bucket by its address: %s", (bucket) => {
    expect(() => storeOptions(bucket, {})).toThrow(`the bucket "${bucket}" is not a bucket's name`);
  });

  it.each([
    [{}],
    [{ AWS_ENDPOINT_URL: "https://s3.example.org" }],
    [{ AWS_ENDPOINT_URL: "http://127.0.0.1:9000", AWS_ACCESS_KEY_ID: "mine" }],
    [{ AWS_ENDPOINT_URL: "http://127.0.0.1:9000", AWS_PROFILE: "mine" }],
  ])("leave credentials to the SDK with %j", (env) => {
    expect(storeOptions("b", env)).not.toHaveProperty("credentials");
  });
});
