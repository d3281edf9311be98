import { STATUS_CODES } from "node:http";
import { join } from "node:path";
import compression from "compression";
import type { RequestHandler } from "@remix-run/express";
import express, { type ErrorRequestHandler, type Express, type RequestHandler as ExpressHandler } from "express";
import { logError } from "./log.ts";
import { methods } from "./methods.ts";
import { traceOf } from "./observe.ts";
import { sameOrigin, secure } from "./security.ts";

interface Options {
  readonly observer: ExpressHandler;
  readonly pages: RequestHandler;
  /** What Remix can't answer, since it ignores backpressure. */
  readonly streams: ExpressHandler;
  /** The folder of the browser's files. */
  readonly clientDir: string;
  /** How many balancers are in front: the client's address is the one that the first of them wrote. */
  readonly trustedProxies: number;
}

/** What every request passes on its way to a page. */
export function createApp({ observer, pages, streams, clientDir, trustedProxies }: Options): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", trustedProxies);
  app.use(observer);
  app.use(secure);
  app.use(sensible);
  app.use(sameOrigin);
  app.use(unpacked);
  app.use(compression());
  // A file here has its content's hash in its name.
  const assets = { immutable: true, maxAge: "1y", index: false, fallthrough: false, redirect: false } as const;
  app.use("/assets", express.static(join(clientDir, "assets"), assets));
  app.use(express.static(clientDir, { maxAge: "1h", index: false, redirect: false }));
  // Where browsers look unless a page has told them of an icon.
  app.get("/favicon.ico", (_request, response) => response.redirect(301, "/favicon.svg"));
  app.use(methods);
  app.use(streams);
  app.use((request, response, next) => void pages(request, response, next));
  app.use(onError);
  return app;
}

/**
 * Remix would log an address that can't be decoded as it came, and one with `_data` as an error of ours. Of two `Host` headers
 * Node takes the first, and a proxy may have taken the second.
 */
const sensible: ExpressHandler = ({ path, query, headersDistinct }, response, next) => {
  if (isDecodable(path) && !("_data" in query) && (headersDistinct["host"] ?? []).length < 2) next();
  else response.status(400).type("text").send("Bad Request\n");
};

/** Nothing here decompresses bodies: a compressed form would be read as an empty one. */
const unpacked: ExpressHandler = ({ headers }, response, next) => {
  if ((headers["content-encoding"] ?? "identity").toLowerCase() === "identity") next();
  else response.status(415).set("Accept-Encoding", "identity").type("text").send("Unsupported Media Type\n");
};

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

// eslint-disable-next-line max-params -- Express knows an error handler by its four parameters
const onError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const status = statusOf(error);
  if (status >= 500) logError("A request failed before it reached a page.", error, traceOf(response)?.id);
  if (response.headersSent) {
    next(error);
    return;
  }
  response
    .status(status)
    .type("text")
    .send(`${STATUS_CODES[status] ?? "Error"}\n`);
};

function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500;
  // Remix makes a URL of the Host header, whatever a client wrote there.
  if ("code" in error && error.code === "ERR_INVALID_URL") return 400;
  const status = "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 600 ? status : 500;
}
