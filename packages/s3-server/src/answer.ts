import type { Readable } from "node:stream";
import { S3Error } from "./errors.ts";
import { renderXml, type XmlChildren } from "./xml.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: string | Readable;
}

export function emptyAnswer(status: number, headers: Answer["headers"] = {}): Answer {
  return status === 204 || status === 304
    ? { status, headers }
    : { status, headers: { ...headers, "content-length": 0 } };
}

export function xmlAnswer(root: string, content: XmlChildren, headers: Answer["headers"] = {}): Answer {
  return xml(200, renderXml(root, content), headers);
}

/** What is no S3Error is the server's own fault, such as a full disk: its message goes to the client, who owns both. */
export function errorAnswer(error: unknown, resource: string): Answer {
  const known = error instanceof S3Error ? error : new S3Error("InternalError", { message: String(error) });
  const { fields, headers } = known.details;
  const content = { Code: known.code, Message: known.message, ...fields, Resource: resource };
  return xml(known.status, renderXml("Error", content), headers ?? {});
}

function xml(status: number, body: string, headers: Answer["headers"]): Answer {
  return {
    status,
    headers: { ...headers, "content-type": "application/xml", "content-length": Buffer.byteLength(body) },
    body,
  };
}
