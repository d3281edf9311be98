import { mkdtemp, rm } from "node:fs/promises";
import { request, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { test, vi } from "vitest";
import { FaultPlan } from "../src/faults.ts";
import { startS3Server, type S3Server } from "../src/server.ts";

export const Bucket = "bucket";

interface ServerFixtures {
  root: string;
  faults: FaultPlan;
  server: S3Server;
  client: S3Client;
}

/** A test with a server of its own on an empty folder, holding one bucket. */
export const it = test.extend<ServerFixtures>({
  // eslint-disable-next-line no-empty-pattern -- vitest reads from the pattern which fixtures this one needs
  root: async ({}, use) => {
    const root = await mkdtemp(join(tmpdir(), "s3-server-"));
    await use(root);
    await rm(root, { recursive: true });
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  faults: async ({}, use) => use(new FaultPlan()),
  server: async ({ root, faults }, use) => {
    const server = await startS3Server({ root, port: 0, faults });
    await use(server);
    await server.close();
  },
  client: async ({ server, faults }, use) => {
    const client = connect(server.url);
    await client.send(new CreateBucketCommand({ Bucket }));
    faults.clear();
    await use(client);
    client.destroy();
  },
});

/** Waits for the check to pass, on a busy machine too. */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(check, { timeout: 30_000 });
}

/** A client that does not try again. */
export function connect(url: string): S3Client {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new S3Client({ endpoint: url, region: "us-east-1", forcePathStyle: true, credentials, maxAttempts: 1 });
}

export async function put(client: S3Client, Key: string, Body: string | Buffer): Promise<string> {
  const { ETag = "" } = await client.send(new PutObjectCommand({ Bucket, Key, Body }));
  return ETag;
}

export async function get(client: S3Client, Key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

interface RawRequest {
  readonly method: string;
  /** As it goes over the wire. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** What no client of AWS would send. */
export async function send(url: string, { method, path, headers = {}, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers }, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode, headers: answer.headers, body }), reject);
    });
    sent.on("error", reject).end(body);
  });
}

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
