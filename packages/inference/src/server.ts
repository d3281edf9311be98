import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import { docsHandlers } from "./docs.ts";
import { ServiceError } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { observe } from "./observe.ts";
import { probeHandlers, type Lifecycle } from "./probes.ts";
import { secure, sendError } from "./respond.ts";
import { restHandlers, type Handler } from "./rest.ts";
import { createCaller } from "./router.ts";
import type { ServedModel } from "./served-model.ts";
import { trpcHandler, trpcPath } from "./trpc.ts";
import { toServiceError } from "./wire-errors.ts";

export interface ServerParts {
  readonly model: ServedModel;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
}

/** Above the balancer's idle timeout of 60 s, or it would send a request into a connection that is just being closed. */
const keepAliveMs = 65_000;

/** How often Node looks for requests that have come too slowly. */
const slowCheckMs = 5_000;

/** Everything that the service answers, at its address. */
export function createServer(parts: ServerParts): Server {
  const { model, metrics, log, lifecycle } = parts;
  const context = { model };
  const trpc = trpcHandler(context, log);
  const handlers = new Map([
    ...probeHandlers(model, metrics, lifecycle),
    ...restHandlers(createCaller(context)),
    ...docsHandlers(),
  ]);
  const options = {
    keepAliveTimeout: keepAliveMs,
    headersTimeout: limits.requestMs, // Node takes none above requestTimeout
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: slowCheckMs,
    maxHeaderSize: limits.headerBytes,
  };
  return createHttpServer(options, (request, response) => {
    const path = pathOf(request);
    const isTrpc = path.startsWith(trpcPath);
    const handler = isTrpc ? trpc : handlers.get(path);
    const route = isTrpc ? trpcPath : handler ? path : "unknown";
    observe({ request, response, route }, { metrics, log });
    secure(response);
    if (lifecycle.isDraining) response.setHeader("connection", "close");
    void answer({ request, response, handler: handler ?? notFound }, log);
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer({ request, response, handler }: Exchange & { handler: Handler }, log: Logger): Promise<void> {
  try {
    await handler(request, response);
  } catch (error) {
    const known = toServiceError(error);
    if (known.code === "internal") {
      log.error({ err: known.cause, request_id: request.headers["x-request-id"] }, "unexpected error");
    }
    sendError(response, known);
  }
}

const notFound: Handler = (request) => {
  throw new ServiceError("not_found", `There is nothing at ${pathOf(request)}.`);
};

/** Without the query: it isn't ours to read, and not to be written anywhere. */
const pathOf = ({ url = "/" }: IncomingMessage) => url.split("?", 1)[0] ?? "/";
