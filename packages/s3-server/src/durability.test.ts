import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, rename, rmdir, stat, utimes } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect } from "vitest";
import { startS3Server } from "./server.ts";
import { Bucket, connect, eventually, get, it, put, send } from "../test/server.ts";

/** A server in a process of its own, that can be killed. */
async function startChild(root: string): Promise<{ url: string; child: ChildProcess }> {
  const code = `const { startS3Server } = await import(${JSON.stringify(new URL("server.ts", import.meta.url).href)});
    console.log((await startS3Server({ root: ${JSON.stringify(root)}, port: 0 })).url);`;
  const child = startProgram(code);
  const [url] = (await once(child.stdout, "data")) as [Buffer];
  return { url: url.toString().trim(), child };
}

function startProgram(code: string) {
  return spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", code], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** Sends the first bytes of an upload, and no more. */
function beginPut(url: string, bytes: Buffer) {
  const sent = request(`${url}/${Bucket}/k`, { method: "PUT", headers: { "content-length": bytes.length * 2 } });
  sent.on("error", () => undefined).write(bytes);
  return sent;
}

async function draftBytes(root: string): Promise<number> {
  const [draft] = await readdir(join(root, ".drafts"));
  return draft === undefined ? 0 : (await stat(join(root, ".drafts", draft))).size;
}

describe("after kill -9", () => {
  it("in the midst of a PUT, the old object is whole and nothing of the new one is left", async ({ root }) => {
    const { url, child } = await startChild(root);
    const client = connect(url);
    await client.send(new CreateBucketCommand({ Bucket }));
    await put(client, "k", "old and whole");
    beginPut(url, randomBytes(3_000_000));
    await eventually(async () => expect(await draftBytes(root)).toBeGreaterThan(1_000_000));
    await kill(child);

    const server = await startS3Server({ root, port: 0 });
    expect((await get(connect(server.url), "k")).toString()).toBe("old and whole");
    expect(await readdir(join(root, ".drafts"))).toEqual([]);
    await server.close();
  });

  it("among many overwrites, the object is one of the versions, whole, and no older than the last answered", async ({
    root,
  }) => {
    const { url, child } = await startChild(root);
    const client = connect(url);
    await client.send(new CreateBucketCommand({ Bucket }));
    const version = (index: number) => Buffer.alloc(500_000, `version ${index} `);
    let answered = -1;
    const writes = (async () => {
      for (let index = 0; index < 1000; index++) {
        await put(client, "k", version(index));
        answered = index;
      }
    })();
    const interrupted = expect(writes).rejects.toThrow();
    await eventually(() => expect(answered).toBeGreaterThan(5));
    await kill(child);
    await interrupted;

    const server = await startS3Server({ root, port: 0 });
    const kept = await get(connect(server.url), "k");
    expect([version(answered), version(answered + 1)].some((candidate) => candidate.equals(kept))).toBe(true);
    await server.close();
  });
});

it("a dropped upload leaves the old object and no draft", async ({ root, server, client }) => {
  await put(client, "k", "old");
  const sent = beginPut(server.url, randomBytes(500_000));
  await eventually(async () => expect(await draftBytes(root)).toBe(500_000));
  sent.destroy();
  await eventually(async () => expect(await readdir(join(root, ".drafts"))).toEqual([]));
  expect((await get(client, "k")).toString()).toBe("old");
});

it("keeps objects, their metadata and half-done multipart uploads over a restart", async ({ root }) => {
  const first = await startS3Server({ root, port: 0 });
  const before = connect(first.url);
  await before.send(new CreateBucketCommand({ Bucket }));
  const object = { Bucket, Key: "k", Body: "kept", ContentType: "text/x", Metadata: { m: "1" } };
  const { ETag } = await before.send(new PutObjectCommand(object));
  const { UploadId } = await before.send(new CreateMultipartUploadCommand({ Bucket, Key: "m", ContentType: "text/y" }));
  const upload = { Bucket, Key: "m", UploadId };
  const part = await before.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: "part" }));
  await first.close();

  const second = await startS3Server({ root, port: 0 });
  const client = connect(second.url);
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag }] };
  await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }));
  expect((await get(client, "m")).toString()).toBe("part");
  expect(await client.send(new HeadObjectCommand({ Bucket, Key: "m" }))).toMatchObject({ ContentType: "text/y" });
  const kept = await client.send(new HeadObjectCommand({ Bucket, Key: "k" }));
  expect(kept).toMatchObject({ ETag, ContentType: "text/x", Metadata: { m: "1" }, ContentLength: 4 });
  const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents?.map(({ Key }) => Key)).toEqual(["k", "m"]);
  await second.close();
});

it("starts though a crash has left an upload that had hardly begun", async ({ root }) => {
  await mkdir(join(root, ".uploads", "begun"), { recursive: true });
  const server = await startS3Server({ root, port: 0 });
  expect(await readdir(join(root, ".uploads"))).toEqual([]);
  await server.close();
});

it("removes at its start what an upload has left that got no part for a week", async ({ root }) => {
  const first = await startS3Server({ root, port: 0 });
  const before = connect(first.url);
  await before.send(new CreateBucketCommand({ Bucket }));
  const begin = async (Key: string) => (await before.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId;
  const [old = "", recent = ""] = [await begin("old"), await begin("recent")];
  await before.send(new UploadPartCommand({ Bucket, Key: "old", UploadId: old, PartNumber: 1, Body: "left" }));
  await first.close();
  const dayMs = 24 * 3_600_000;
  for (const [id, days] of [
    [old, 7.1],
    [recent, 6.9],
  ] as const) {
    const date = new Date(Date.now() - days * dayMs);
    await utimes(join(root, ".uploads", id), date, date);
  }

  const second = await startS3Server({ root, port: 0 });
  expect(await readdir(join(root, ".uploads"))).toEqual([recent]);
  await second.close();
});

it("keeps nothing of the uploads to a bucket that is deleted", async ({ root, client }) => {
  await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
  await client.send(new DeleteBucketCommand({ Bucket }));
  expect(await readdir(join(root, ".uploads"))).toEqual([]);
});

it("goes on reading the version that a download began with, whatever is written meanwhile", async ({ client }) => {
  const bytes = randomBytes(20_000_000);
  await put(client, "k", bytes);
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "k" }));
  await put(client, "k", "new");
  expect(bytes.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
  expect((await get(client, "k")).toString()).toBe("new");
});

it("joins the parts that were listed or none, though one is replaced meanwhile", async ({ root, client }) => {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
  const upload = { Bucket, Key: "k", UploadId };
  const bytes = [randomBytes(40_000_000), randomBytes(100)] as const;
  const Parts: CompletedPart[] = [];
  for (const [index, Body] of bytes.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  const completed = client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })).then(
    () => "whole",
    (error: unknown) => (error instanceof Error ? error.name : ""),
  );
  await eventually(async () => expect(await draftBytes(root)).toBeGreaterThan(0));
  await client.send(new UploadPartCommand({ ...upload, PartNumber: 2, Body: "short" })).catch(() => undefined);
  const outcome = await completed;
  expect(["whole", "InvalidPart"]).toContain(outcome);
  if (outcome === "whole") expect(Buffer.concat(bytes).equals(await get(client, "k"))).toBe(true);
});

it("goes on having an object that the disk would not let go of", async ({ root, server, client }) => {
  await put(client, "k", "kept");
  const [name = ""] = await readdir(join(root, Bucket));
  const file = join(root, Bucket, name);
  await rename(file, join(root, "aside"));
  await mkdir(file); // what no unlink removes
  const refused = await send(server.url, { method: "DELETE", path: `/${Bucket}/k` });
  expect([refused.status, refused.body]).toEqual([500, expect.stringContaining("<Code>InternalError</Code>")]);
  await rmdir(file);
  await rename(join(root, "aside"), file);
  expect((await get(client, "k")).toString()).toBe("kept");
});

describe("a folder in use", () => {
  it("is refused to a second server of the same process", async ({ root, server }) => {
    await expect(startS3Server({ root, port: 0 })).rejects.toThrow("already serves");
    await server.close();
    await (await startS3Server({ root, port: 0 })).close();
  });

  it("is refused to another process as long as the first one lives, naming it", async ({ root }) => {
    const { child } = await startChild(root);
    await expect(startS3Server({ root, port: 0 })).rejects.toThrow(`Process ${child.pid ?? 0} already serves`);
    await kill(child);
    await (await startS3Server({ root, port: 0 })).close();
  });

  it("is never served by two processes that start at the same time", async ({ root }) => {
    const folders = Array.from({ length: 200 }, (_, n) => join(root, String(n)));
    for (const folder of folders) await mkdir(folder);
    const code = `const { lockFolder } = await import(${JSON.stringify(new URL("lock.ts", import.meta.url).href)});
      console.log("ready");
      const startMs = await new Promise((resolve) => process.stdin.once("data", resolve));
      const served = [];
      for (const [n, folder] of ${JSON.stringify(folders)}.entries()) {
        while (Date.now() < Number(startMs) + 5 * n);
        try { lockFolder(folder); served.push(n); } catch {}
      }
      console.log(JSON.stringify(served));`;
    const children = [startProgram(code), startProgram(code)];
    const output = () => Promise.all(children.map(({ stdout }) => once(stdout, "data") as Promise<[Buffer]>));
    await output();
    for (const { stdin } of children) stdin.write(String(Date.now() + 50));
    const outputs = await output();
    const served = outputs.flatMap(([output]) => JSON.parse(output.toString()) as number[]);
    for (const child of children) await kill(child);
    expect(served).toEqual([...new Set(served)]);
  });

  it("is free again after a start that failed because the port was taken", async ({ root, server }) => {
    const other = join(root, "other");
    await expect(startS3Server({ root: other, port: server.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await (await startS3Server({ root: other, port: 0 })).close();
  });
});
