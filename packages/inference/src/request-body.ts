import { isUtf8 } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from "node:zlib";
import { acceptedEncodings, ServiceError, tooLarge } from "./errors.ts";
import { holderOf, type Hold } from "./held-bytes.ts";
import { limits } from "./limits.ts";
import { toServiceError } from "./wire-errors.ts";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

type Decode = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

const decoders: Readonly<Record<(typeof acceptedEncodings)[number], Decode>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * A request's body as text, whatever its content type says: the predecessor's clients send none. `maxBytes` holds for
 * what is sent and for what it decompresses to, of which no more is ever made.
 * Throws `ServiceError` too_large, unsupported_encoding, invalid_request, invalid_json, overloaded, client_gone.
 */
export async function readText({ request, response }: Exchange, maxBytes: number): Promise<string> {
  const encoding = encodingOf(request);
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  askForBody({ request, response });
  const hold = holderOf(response);
  const sent = await readBytes(request, maxBytes, hold);
  const bytes = encoding ? await decompress(sent, encoding, maxBytes) : sent;
  hold(bytes.length);
  const text = bytes.toString("utf8");
  // What isn't UTF-8 was read as U+FFFD: a text without any needs no second look.
  if (text.includes("\ufffd") && !isUtf8(bytes)) {
    throw new ServiceError("invalid_json", "The request's body is not UTF-8, as JSON has to be.");
  }
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

/** Of a client that waits to be asked. One of HTTP/1.0 would take it for the answer: its wish is not heard (RFC 9110, 10.1.1). */
export function askForBody({ request, response }: Exchange): void {
  if (request.headers.expect !== undefined && request.httpVersion !== "1.0") response.writeContinue();
}

/** Undefined for a body as it is. Throws `ServiceError` unsupported_encoding. */
export function encodingOf({ headers }: IncomingMessage): (typeof acceptedEncodings)[number] | undefined {
  // RFC 9110, 8.4.1.3: x-gzip is another name of gzip.
  const given = (headers["content-encoding"] || "identity").toLowerCase().replace(/^x-gzip$/, "gzip");
  if (given === "identity") return undefined;
  const encoding = acceptedEncodings.find((name) => name === given);
  if (encoding) return encoding;
  const message = `A request can't be encoded as ${given} here: use ${acceptedEncodings.join(", ")} or none.`;
  throw new ServiceError("unsupported_encoding", message);
}

async function decompress(
  bytes: Buffer,
  encoding: (typeof acceptedEncodings)[number],
  maxBytes: number,
): Promise<Buffer> {
  try {
    return await decoders[encoding](bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(maxBytes);
    throw new ServiceError("invalid_request", `The request's body is not what it says: ${encoding}.`, { cause });
  }
}

/** Copies what comes in more than one piece: a piece may be one byte, and keeping it as it is costs hundreds. */
function readBytes(request: IncomingMessage, maxBytes: number, hold: Hold): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let kept: Buffer = Buffer.alloc(0);
    let bytes = 0;
    const take = (piece: Buffer) => {
      const end = bytes + piece.length;
      if (end > maxBytes) throw tooLarge(maxBytes);
      if (bytes === 0) kept = piece;
      else {
        if (end > kept.length) {
          const room = Math.min(maxBytes, 2 * end);
          hold(room);
          kept = enlarged(kept.subarray(0, bytes), room);
        }
        piece.copy(kept, bytes);
      }
      bytes = end;
    };
    const onData = (piece: Buffer) => {
      try {
        take(piece);
      } catch (error) {
        request.off("data", onData);
        reject(toServiceError(error));
      }
    };
    request.on("data", onData);
    request.on("end", () => resolve(kept.subarray(0, bytes)));
    request.on("error", (cause) => {
      reject(new ServiceError("client_gone", "The client left before its request had come.", { cause }));
    });
  });
}

function enlarged(kept: Buffer, bytes: number): Buffer {
  const larger = Buffer.allocUnsafe(bytes);
  kept.copy(larger);
  return larger;
}

/** Reads on after a refusal, into nowhere and not for ever: a client whose connection is cut doesn't read why. */
export function discardBody(request: IncomingMessage): void {
  let bytes = 0;
  request.on("error", () => undefined); // that it breaks off no longer matters
  request.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > limits.discardedBytes) request.destroy();
  });
}
