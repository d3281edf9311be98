import { emptyAnswer, xmlAnswer, type Answer } from "./answer.ts";
import type { Folder } from "./folder.ts";
import type { S3Request } from "./request.ts";

export const owner = { ID: "local" };

export function listBuckets(_request: S3Request, folder: Folder): Answer {
  const buckets = folder.buckets.map(({ name, createdMs }) => ({
    Name: name,
    CreationDate: new Date(createdMs).toISOString(),
  }));
  return xmlAnswer("ListAllMyBucketsResult", { Buckets: { Bucket: buckets }, Owner: owner });
}

export async function createBucket(request: S3Request, folder: Folder): Promise<Answer> {
  await folder.createBucket(request.bucket);
  return emptyAnswer(200, { location: `/${request.bucket}` });
}

export function headBucket(request: S3Request, folder: Folder): Answer {
  folder.bucket(request.bucket);
  return emptyAnswer(200, { "x-amz-bucket-region": "us-east-1" });
}

/** Nothing is S3's way to say us-east-1, where every bucket is. */
export function getBucketLocation(request: S3Request, folder: Folder): Answer {
  folder.bucket(request.bucket);
  return xmlAnswer("LocationConstraint", {});
}

/** Nothing is S3's way to say that there never were versions. */
export function getBucketVersioning(request: S3Request, folder: Folder): Answer {
  folder.bucket(request.bucket);
  return xmlAnswer("VersioningConfiguration", {});
}

/** With the uploads to it that have not ended: nobody would find them again. */
export async function deleteBucket(request: S3Request, folder: Folder): Promise<Answer> {
  folder.deleteBucket(request.bucket);
  for (const upload of folder.uploads.list(request.bucket)) await folder.uploads.remove(upload);
  return emptyAnswer(204);
}
