import type { IncomingMessage } from "node:http";
import { S3Error } from "./errors.ts";
import { takePresigned } from "./presigned.ts";

/** A request in S3's terms. */
export interface S3Request {
  readonly method: string;
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Empty for a bucket. Any Unicode text: `..` and `//` are ordinary characters of a key. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** Of a presigned URL's headers, too. */
  readonly header: (name: string) => string | undefined;
  readonly headerNames: readonly string[];
  readonly body: AsyncIterable<Buffer>;
}

const maxKeyBytes = 1024;

/** Reads bucket and key from the path, or the bucket from the host (`bucket.localhost`). Throws S3Error. */
export function parseRequest(incoming: IncomingMessage): S3Request {
  const { method = "GET", url = "/", headers } = incoming;
  refusePages(headers);
  // Not `new URL`: it would resolve the `..` that keys may hold.
  const [path = "", ...search] = url.split("?");
  if (!path.startsWith("/")) throw new S3Error("InvalidURI");
  const hosted = /^(.+)\.localhost(?::\d+)?$/.exec(headers.host ?? "")?.[1];
  const query = new URLSearchParams(search.join("?"));
  const given = { ...takePresigned(query), ...headers };
  const [bucket = "", ...key] = (hosted === undefined ? path.slice(1) : `${hosted}${path}`).split("/");
  return {
    method,
    bucket: decode(bucket),
    key: checkedKey(decode(key.join("/"))),
    query,
    header: (name) => {
      const value = given[name];
      return Array.isArray(value) ? value.join(",") : value;
    },
    headerNames: Object.keys(given),
    // Left half read, the connection stays usable, so that an error can still be answered.
    body: incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>,
  };
}

/**
 * Anybody on this machine is trusted, but not what a page in its browser sends, wherever that comes from: no S3 client
 * names an origin, and browsers always do, or how a page's request is related to it.
 */
function refusePages({ origin, "sec-fetch-site": site = "none" }: IncomingMessage["headers"]): void {
  if (origin !== undefined || site !== "none") throw new S3Error("AccessDenied");
}

export function checkedKey(key: string): string {
  const bytes = Buffer.byteLength(key);
  if (bytes <= maxKeyBytes) return key;
  throw new S3Error("KeyTooLongError", { fields: { Size: bytes, MaxSizeAllowed: maxKeyBytes } });
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error("InvalidURI");
  }
}

/** From 0 to 1000, which is also what a missing one means. Throws InvalidArgument. */
export function integerParameter(request: S3Request, name: string): number {
  const text = request.query.get(name) ?? "1000";
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text), 1000);
  throw new S3Error("InvalidArgument", {
    message: `${name} must be a number of nine digits at most.`,
    fields: { ArgumentName: name, ArgumentValue: text },
  });
}

/** Throws InvalidArgument. */
export function partNumber(request: S3Request): number {
  const number = Number(request.query.get("partNumber"));
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw new S3Error("InvalidArgument", { message: "Part number must be an integer between 1 and 10000, inclusive." });
}
