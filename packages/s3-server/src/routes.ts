import type { Answer } from "./answer.ts";
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
} from "./buckets.ts";
import { completeMultipartUpload } from "./completion.ts";
import { S3Error } from "./errors.ts";
import type { Folder } from "./folder.ts";
import { listObjects, listObjectsV2 } from "./listing.ts";
import { abortMultipartUpload, createMultipartUpload, listParts, uploadPart, uploadPartCopy } from "./multipart.ts";
import { copyObject, deleteObject, deleteObjects, getObject, putObject } from "./objects.ts";
import type { S3Request } from "./request.ts";
import { saidInstead } from "./stored-headers.ts";
import { listMultipartUploads } from "./upload-listing.ts";

interface Route {
  readonly method: string;
  readonly on: "service" | "bucket" | "object";
  readonly handle: (request: S3Request, folder: Folder) => Answer | Promise<Answer>;
  /** Query parameters that tell this operation from its neighbours. */
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
  readonly copies?: true;
}

const listOptions = ["prefix", "delimiter", "max-keys", "encoding-type"];

const routes = {
  ListBuckets: { method: "GET", on: "service", handle: listBuckets },
  CreateBucket: { method: "PUT", on: "bucket", handle: createBucket },
  HeadBucket: { method: "HEAD", on: "bucket", handle: headBucket },
  DeleteBucket: { method: "DELETE", on: "bucket", handle: deleteBucket },
  GetBucketLocation: { method: "GET", on: "bucket", handle: getBucketLocation, required: ["location"] },
  GetBucketVersioning: { method: "GET", on: "bucket", handle: getBucketVersioning, required: ["versioning"] },
  ListObjectsV2: {
    method: "GET",
    on: "bucket",
    handle: listObjectsV2,
    required: ["list-type"],
    optional: [...listOptions, "continuation-token", "start-after", "fetch-owner"],
  },
  ListObjects: { method: "GET", on: "bucket", handle: listObjects, optional: [...listOptions, "marker"] },
  ListMultipartUploads: {
    method: "GET",
    on: "bucket",
    handle: listMultipartUploads,
    required: ["uploads"],
    optional: ["prefix", "delimiter", "encoding-type", "max-uploads", "key-marker", "upload-id-marker"],
  },
  DeleteObjects: { method: "POST", on: "bucket", handle: deleteObjects, required: ["delete"] },
  GetObject: { method: "GET", on: "object", handle: getObject, optional: [...saidInstead, "partNumber"] },
  HeadObject: { method: "HEAD", on: "object", handle: getObject, optional: [...saidInstead, "partNumber"] },
  PutObject: { method: "PUT", on: "object", handle: putObject },
  CopyObject: { method: "PUT", on: "object", handle: copyObject, copies: true },
  DeleteObject: { method: "DELETE", on: "object", handle: deleteObject },
  CreateMultipartUpload: { method: "POST", on: "object", handle: createMultipartUpload, required: ["uploads"] },
  UploadPart: { method: "PUT", on: "object", handle: uploadPart, required: ["partNumber", "uploadId"] },
  UploadPartCopy: {
    method: "PUT",
    on: "object",
    handle: uploadPartCopy,
    required: ["partNumber", "uploadId"],
    copies: true,
  },
  CompleteMultipartUpload: { method: "POST", on: "object", handle: completeMultipartUpload, required: ["uploadId"] },
  AbortMultipartUpload: { method: "DELETE", on: "object", handle: abortMultipartUpload, required: ["uploadId"] },
  ListParts: {
    method: "GET",
    on: "object",
    handle: listParts,
    required: ["uploadId"],
    optional: ["max-parts", "part-number-marker"],
  },
} as const satisfies Record<string, Route>;

export type Operation = keyof typeof routes;

/** Headers of S3 that are understood, or that may be ignored: they concern signatures and clients only, or offer what need not be taken up (`te`, of Java's client). */
const knownHeaders =
  /^x-amz-(meta-.*|checksum-(algorithm|crc32c?|crc64nvme|mode|sha1|sha256|type)|sdk-checksum-algorithm|content-sha256|copy-source(-if-.*|-range)?|date|decoded-content-length|metadata-directive|mp-object-size|security-token|te|trailer|user-agent)$/;

/** Headers that some clients send, with the one value that is true of everything here. */
const asItIs: Readonly<Record<string, string>> = {
  "x-amz-acl": "private",
  "x-amz-api-version": "2006-03-01",
  "x-amz-bucket-object-lock-enabled": "false",
  "x-amz-storage-class": "STANDARD",
};

/** The operation that a request asks for. Throws NotImplemented rather than ignore a header or parameter. */
export function findRoute(request: S3Request): { operation: Operation } & Pick<Route, "handle"> {
  const place = request.bucket === "" ? "service" : request.key === "" ? "bucket" : "object";
  // The SDK's own name of the operation.
  const parameters = [...request.query.keys()].filter((name) => name !== "x-id");
  const copies = request.headerNames.includes("x-amz-copy-source");
  for (const [operation, route] of Object.entries(routes) as [Operation, Route][]) {
    const { required = [], optional = [] } = route;
    if (route.method !== request.method || route.on !== place || (route.copies ?? false) !== copies) continue;
    if (!required.every((name) => parameters.includes(name))) continue;
    if (!parameters.every((name) => required.includes(name) || optional.includes(name))) continue;
    refuseUnknownHeaders(request, operation);
    return { operation, handle: route.handle };
  }
  const query = parameters.length === 0 ? "" : ` with ?${parameters.join("&")}`;
  const name = request.query.get("x-id") ?? `${request.method} on the ${place}${copies ? " as a copy" : ""}`;
  throw new S3Error("NotImplemented", { message: `${name}${query} is not implemented by this server.` });
}

function refuseUnknownHeaders(request: S3Request, operation: Operation): void {
  const trailers = (request.header("x-amz-trailer") ?? "").split(",").map((name) => name.trim());
  const isAsItIs = (name: string) => Object.hasOwn(asItIs, name) && request.header(name) === asItIs[name];
  const unknown = [...request.headerNames, ...trailers].find(
    (name) => name.startsWith("x-amz-") && !knownHeaders.test(name) && !isAsItIs(name),
  );
  if (unknown === undefined) return;
  const message = `${operation} with the header ${unknown} is not implemented by this server.`;
  throw new S3Error("NotImplemented", { message, fields: { Header: unknown } });
}
