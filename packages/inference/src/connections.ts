import { STATUS_CODES, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { ServiceError } from "./errors.ts";
import { limits } from "./limits.ts";
import { secureHeaders, sendError } from "./respond.ts";
import { toRestError } from "./wire-errors.ts";

/**
 * Answers what Node refuses below any handler (too slow, too large, not HTTP) with a status and a body that says why.
 * `answering` knows the answer that a connection's last request waits for.
 */
export function refuseBadConnections(
  server: Server,
  answering: ReadonlyMap<Duplex, ServerResponse>,
  onRefusal: (refusal: ServiceError) => void,
): void {
  const refusalOf = (error: NodeJS.ErrnoException) => {
    const refusal = toRefusal(error);
    onRefusal(refusal);
    return refusal;
  };
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const response = answering.get(socket);
    const isMidBody = response !== undefined && !response.req.complete && !response.headersSent;
    const hasLeft = error.code === "ECONNRESET" || (isMidBody && error.code === "HPE_INVALID_EOF_STATE");
    if (!socket.writable || hasLeft) socket.destroy();
    else if (isMidBody) {
      response.shouldKeepAlive = false;
      sendError(response, refusalOf(error));
    } else if (response && !response.headersSent)
      response.shouldKeepAlive = false; // what follows a good request doesn't cost it its answer
    else if (response && !response.writableFinished)
      socket.destroy(); // the answer has begun: it's too late for another status
    else if ("bytesRead" in socket && socket.bytesRead === 0)
      socket.destroy(); // nobody has asked anything
    else socket.end(answerOf(refusalOf(error)));
  });
}

function toRefusal(cause: NodeJS.ErrnoException): ServiceError {
  switch (cause.code) {
    case "ERR_HTTP_REQUEST_TIMEOUT": {
      const message = `The request took longer to come than ${limits.requestMs / 1_000} s, the limit here.`;
      return new ServiceError("timeout", message, { cause });
    }
    case "HPE_HEADER_OVERFLOW": {
      const message = `The request's headers are larger than ${limits.headerBytes} bytes, the limit here.`;
      return new ServiceError("headers_too_large", message, { cause });
    }
    default:
      return new ServiceError("invalid_request", "The request is not HTTP.", { cause });
  }
}

function answerOf(error: ServiceError): string {
  const body = JSON.stringify(toRestError(error));
  return [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ""}`,
    "connection: close",
    ...Object.entries(secureHeaders).map(([name, value]) => `${name}: ${value}`),
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
