import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { closeForgotten } from "@tagsmith/operations/forgotten";
import { inOriginForm } from "@tagsmith/operations/origin-form";
import type { Tracing } from "@tagsmith/operations/tracing";
import type { Logger } from "pino";
import { refuseBadConnections } from "./connections.ts";
import { docsHandlers } from "./docs.ts";
import { ServiceError } from "./errors.ts";
import { limits, patience, type Patience } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { idsOf, observe } from "./observe.ts";
import { probeHandlers } from "./probes.ts";
import { sendError } from "./respond.ts";
import type { Exchange } from "./request-body.ts";
import { restHandlers, type Handler } from "./rest.ts";
import type { ServedModel } from "./served-model.ts";
import { trpcHandler, trpcPath } from "./trpc.ts";
import { toServiceError } from "./wire-errors.ts";

export interface ServerParts {
  readonly model: ServedModel;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly tracing: Tracing;
  /** Aborted when the service is about to end. */
  readonly draining: AbortSignal;
}

/** Everything that the service answers, at its address. Tests give less patience. */
export function createServer(parts: ServerParts, given: Partial<Patience> = {}): Server {
  const { model, metrics, log, tracing, draining } = parts;
  const times = { ...patience, ...given };
  const trpc = trpcHandler(model, parts);
  const handlers = new Map([...probeHandlers(model, metrics, draining), ...restHandlers(model), ...docsHandlers()]);
  const answering = new Map<Duplex, ServerResponse>();
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    request.url = inOriginForm(request.url);
    const path = pathOf(request);
    const isTrpc = path.startsWith(trpcPath);
    const address = isTrpc ? trpcPath : path.replace(/\/$/, ""); // FastAPI led clients from /predict/ to /predict
    const handler = isTrpc ? trpc : handlers.get(address);
    const route = handler ? address : "unknown";
    answering.set(request.socket, response);
    closeWithConnection(response);
    observe({ request, response, route }, { metrics, log, tracing });
    if (draining.aborted) response.shouldKeepAlive = false;
    void answer({ request, response, handler: refusalOf(request) ?? handler ?? notFound }, parts);
  };
  const options = {
    keepAliveTimeout: times.keepAliveMs,
    headersTimeout: times.headersMs,
    requestTimeout: times.requestMs,
    connectionsCheckingInterval: times.checkMs,
    maxHeaderSize: limits.headerBytes,
    requireHostHeader: false, // Node's own refusal is empty, without the headers of every answer
  };
  const server = createHttpServer(options, listener);
  const closeWithConnection = closeForgotten(server);
  server.on("checkContinue", listener); // who reads the body asks for it first
  server.on("checkExpectation", listener); // others may be ignored; Node's own refusal is empty, too
  server.setTimeout(times.stalledMs);
  server.on("connection", (socket) => socket.once("close", () => answering.delete(socket)));
  draining.addEventListener("abort", () => {
    // What came before and isn't answered yet.
    for (const response of answering.values()) response.shouldKeepAlive = false;
  });
  refuseBadConnections(server, answering, ({ code }) => metrics.failed(code));
  return server;
}

async function answer(
  { request, response, handler }: Exchange & { handler: Handler },
  { metrics, log }: Pick<ServerParts, "metrics" | "log">,
): Promise<void> {
  try {
    await handler(request, response);
  } catch (error) {
    const known = toServiceError(error);
    metrics.failed(known.code);
    if (known.code === "internal") {
      log.error({ err: known.cause, ...idsOf(request) }, "unexpected error");
    }
    sendError(response, known);
  }
}

/** Refuses what is wrong with a request wherever it goes, if anything is. */
function refusalOf({ rawHeaders, httpVersion }: IncomingMessage): Handler | undefined {
  if (rawHeaders.length > 2 * limits.headers) return tooManyHeaders;
  const hosts = rawHeaders.filter(
    (text, at) => at % 2 === 0 && text.length === 4 && text.toLowerCase() === "host",
  ).length;
  return hosts > 1 || (httpVersion === "1.1" && hosts === 0) ? notOneHost : undefined;
}

const tooManyHeaders: Handler = () => {
  throw new ServiceError("headers_too_large", `The request has more than ${limits.headers} headers, the limit here.`);
};

const notOneHost: Handler = () => {
  throw new ServiceError("invalid_request", "The request names no host or several: HTTP/1.1 wants one.");
};

const notFound: Handler = (request) => {
  throw new ServiceError("not_found", `There is nothing at ${pathOf(request)}.`);
};

/** Without the query: it isn't ours to read, and not to be written anywhere. */
const pathOf = ({ url = "/" }: IncomingMessage) => url.split("?", 1)[0] ?? "/";
