/**
 * What S3 promises is asked through AWS's own client: of this server, or of the one that S3_CONFORMANCE_ENDPOINT names (AWS
 * itself, MiniStack), in a bucket that each file of tests makes and removes after its run.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type GetObjectCommandInput,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { afterAll, it } from "vitest";
import { startS3Server } from "../src/server.ts";

const given = process.env["S3_CONFORMANCE_ENDPOINT"];
/** MiniStack 1.5.33 accepts some of what AWS refuses: those guarantees are not asked of it. */
export const isMiniStack = given !== undefined && (await fetch(`${given}/_ministack/health`)).ok;
export const itAsAws = it.skipIf(isMiniStack);

export const Bucket = `conformance-${randomUUID()}`;
const root = await mkdtemp(join(tmpdir(), "s3-conformance-"));
const server = given === undefined ? await startS3Server({ root, port: 0 }) : undefined;
export const client = new S3Client({
  endpoint: given ?? server?.url ?? "",
  region: process.env["AWS_REGION"] ?? "us-east-1",
  forcePathStyle: true,
  ...(process.env["AWS_ACCESS_KEY_ID"] === undefined && {
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  }),
});
await client.send(new CreateBucketCommand({ Bucket }));

afterAll(async () => {
  for (let rest = await list(); rest.Contents !== undefined; rest = await list()) {
    const Objects = rest.Contents.map(({ Key }) => ({ Key }));
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
  await client.send(new DeleteBucketCommand({ Bucket }));
  client.destroy();
  await server?.close();
  await rm(root, { recursive: true });
});

type Body = NonNullable<PutObjectCommandInput["Body"]>;
export const put = (Key: string, body: Body, more: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body: body, ...more }));
export const head = (Key: string) => client.send(new HeadObjectCommand({ Bucket, Key }));
export const list = (more: object = {}) => client.send(new ListObjectsV2Command({ Bucket, ...more }));
export const md5 = (bytes: string | Buffer) => createHash("md5").update(bytes).digest("hex");

export async function get(Key: string, more: Partial<GetObjectCommandInput> = {}) {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
}

/** The name and status of the error that a call must end in. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => new Error("It was not refused."),
    (reason: unknown) => reason,
  );
  if (!(error instanceof S3ServiceException)) throw error;
  return `${error.$metadata.httpStatusCode ?? 0} ${error.name}`;
}
