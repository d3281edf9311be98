import { headerValue } from "./presigned.ts";
import type { S3Request } from "./request.ts";

const named = ["cache-control", "content-disposition", "content-language", "content-type", "expires"];

/** What an upload's headers say of the object, to be said again by each download. */
export function storedHeaders(request: S3Request): Record<string, string> {
  const stored: Record<string, string> = { "content-type": "binary/octet-stream" };
  for (const name of request.headerNames) {
    if (named.includes(name) || name.startsWith("x-amz-meta-")) stored[name] = request.header(name) ?? "";
  }
  // aws-chunked was the upload's framing, not the object's encoding.
  const encodings = (request.header("content-encoding") ?? "").split(",").map((encoding) => encoding.trim());
  const encoding = encodings.filter((name) => name !== "" && name !== "aws-chunked").join(",");
  return encoding === "" ? stored : { ...stored, "content-encoding": encoding };
}

/** Of a download: what it shall say of the object in the place of what is stored. */
export const saidInstead = [...named, "content-encoding"].map((name) => `response-${name}`);

/** Throws InvalidArgument. */
export function headersInstead({ query }: S3Request): Record<string, string> {
  const asked = saidInstead.filter((name) => query.has(name));
  return Object.fromEntries(
    asked.map((name) => [name.replace("response-", ""), headerValue(name, query.get(name) ?? "")]),
  );
}
