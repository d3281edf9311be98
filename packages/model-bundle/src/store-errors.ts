import { BundleError, isBundleError, type BundleErrorCode } from "./errors.ts";

const byStatus: Readonly<Record<number, readonly [BundleErrorCode, string]>> = {
  304: ["not_modified", "is unchanged"],
  401: ["store_denied", "may not be read or written with these credentials"],
  // S3 answers 403 of a missing object too, where the reader may not list the bucket.
  403: ["store_denied", "may not be read or written with these credentials, or isn't there to be read"],
  404: ["not_found", "doesn't exist"],
  // S3 answers 409 when two conditional writes meet: one of them has been lost.
  409: ["precondition_failed", "was written by somebody else meanwhile"],
  412: ["precondition_failed", "is not the object that was expected"],
  416: ["range_unsatisfiable", "is shorter than expected"],
};

/** Turns whatever the SDK or a socket threw into a `BundleError`; `address` names the object, as s3://bucket/key. */
export function storeError(cause: unknown, address: string): BundleError {
  if (isBundleError(cause)) return cause;
  const { name, message, status, code, region } = describe(cause);
  if (name === "AbortError") return new BundleError("aborted", `${address}: the request was stopped`, { cause });
  if (name === "NoSuchBucket") return new BundleError("no_bucket", `${address}: the bucket doesn't exist`, { cause });
  if (name.includes("Credentials")) return new BundleError("store_denied", `${address}: ${message}`, { cause });
  if (status === undefined) {
    const reason = [code, message].filter(Boolean).join(" ");
    return new BundleError("store_unreachable", `${address}: the store can't be reached: ${reason}`, { cause });
  }
  // A 403 as well, but the SDK signs the next request by the store's clock, which this answer told.
  const known = name === "RequestTimeTooSkewed" ? undefined : byStatus[status];
  if (known) {
    // Only the store knows what is missing, as the right to use the key that the object is encrypted with.
    const detail = status === 403 && !sayNothing.has(message) ? `: ${message}` : "";
    return new BundleError(known[0], `${address} ${known[1]} (${status} ${name}${detail})`, { cause });
  }
  const place = status === 301 && region ? ` The bucket is in ${region}.` : "";
  return new BundleError("store_failed", `${address}: the store answered ${status} ${name}: ${message}${place}`, {
    cause,
  });
}

/** What S3 says of a 403 that it doesn't explain, and the SDK of one without a body. */
const sayNothing: ReadonlySet<string> = new Set(["Access Denied", "UnknownError"]);

interface Described {
  readonly name: string;
  readonly message: string;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly region?: string | undefined;
}

/** As the SDK's errors are, beyond their types. */
interface SdkError {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly code?: string;
}

function describe(cause: unknown): Described {
  if (!(cause instanceof Error)) return { name: "", message: String(cause) };
  const { $metadata, $response, code } = cause as Error & SdkError;
  const region = $response?.headers?.["x-amz-bucket-region"];
  return { name: cause.name, message: cause.message, status: $metadata?.httpStatusCode, code, region };
}
