import type { IncomingMessage } from "node:http";
import { ServiceError, tooLarge } from "./errors.ts";

/**
 * A request's body as JSON, whatever its content type says: the predecessor's clients send none.
 * Throws `ServiceError` too_large, unsupported_encoding, invalid_json, invalid_request.
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw new ServiceError("unsupported_encoding", `A request can't be encoded as ${encoding} here: send it as it is.`);
  }
  const text = (await readBytes(request, maxBytes)).toString("utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ServiceError("invalid_json", "The request's body is not JSON.", { cause });
  }
}

/** What comes after the limit is not kept; Node discards it once the answer is sent. */
function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = Number(request.headers["content-length"] ?? 0);
    if (bytes > maxBytes) {
      reject(tooLarge(maxBytes));
      return;
    }
    bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(tooLarge(maxBytes));
    });
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("error", (cause) => {
      reject(new ServiceError("invalid_request", "The request broke off.", { cause }));
    });
  });
}
