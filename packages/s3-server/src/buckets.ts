import { emptyAnswer, xmlAnswer, type Answer } from "./answer.ts";
import type { Folder } from "./folder.ts";
import type { S3Request } from "./request.ts";

export function listBuckets(_request: S3Request, folder: Folder): Answer {
  const buckets = folder.buckets.map(({ name, createdMs }) => ({
    Name: name,
    CreationDate: new Date(createdMs).toISOString(),
  }));
  return xmlAnswer("ListAllMyBucketsResult", { Buckets: { Bucket: buckets }, Owner: { ID: "local" } });
}

export async function createBucket(request: S3Request, folder: Folder): Promise<Answer> {
  await folder.createBucket(request.bucket);
  return emptyAnswer(200, { location: `/${request.bucket}` });
}

export function headBucket(request: S3Request, folder: Folder): Answer {
  folder.bucket(request.bucket);
  return emptyAnswer(200, { "x-amz-bucket-region": "us-east-1" });
}

export function deleteBucket(request: S3Request, folder: Folder): Answer {
  folder.deleteBucket(request.bucket);
  return emptyAnswer(204);
}
