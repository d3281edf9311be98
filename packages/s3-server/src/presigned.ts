import { S3Error } from "./errors.ts";

/** Of both versions of AWS's signatures; whose they are is not looked at. */
const signature =
  /^(x-amz-(algorithm|credential|date|expires|security-token|signature|signedheaders)|awsaccesskeyid|expires|signature)$/i;
/** SDKs sign the checksum of nothing, for want of a body. */
const checksum = /^x-amz-(sdk-)?checksum-/i;
const header = /^(x-amz-.*|content-md5|content-type)$/i;

/**
 * Takes what makes a URL a presigned one out of its query, and returns the headers that it carries there, as S3 reads
 * them. Throws InvalidArgument.
 */
export function takePresigned(query: URLSearchParams): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, text] of [...query]) {
    if (!signature.test(name) && !header.test(name)) continue;
    query.delete(name);
    if (signature.test(name) || checksum.test(name)) continue;
    headers[name.toLowerCase()] = headerValue(name, text);
  }
  return headers;
}

/** The bytes of a parameter, as a header would have brought them. Throws InvalidArgument. */
export function headerValue(name: string, text: string): string {
  const value = Buffer.from(text).toString("latin1");
  // eslint-disable-next-line no-control-regex -- what no header can hold, so that no answer could repeat it
  if (/^[\w-]+$/.test(name) && !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return value;
  throw new S3Error("InvalidArgument", { fields: { ArgumentName: name, ArgumentValue: text } });
}
