import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { drainOf } from "@tagsmith/operations/drain";
import { messageOf } from "@tagsmith/model-bundle/errors";
import { closeForgotten } from "@tagsmith/operations/forgotten";
import { inOriginForm } from "@tagsmith/operations/origin-form";
import { onParentGone } from "@tagsmith/operations/parent";

interface Address {
  readonly port: number;
  readonly host: string;
}

/** How long a connection may take for each step. Tests are less patient. */
const patience = {
  /** From a connection, or the first byte of a further request, to the end of its headers. */
  headersMs: 10_000,
  /** To the end of its body: a file of 256 MiB, at 7 Mbit/s. */
  requestMs: 300_000,
  /** A balancer reuses connections for 60 s: one that this side closes first is a 502 over there. */
  keepAliveMs: 65_000,
  /** A client that takes in nothing of its answer; longer than any page or row takes to come. */
  stalledMs: 120_000,
  /** How often Node looks for requests that have come too slowly. */
  checkMs: 1_000,
} as const;

/** A server that gives up clients that send or read too slowly. */
export function createServer(
  listener: RequestListener,
  given: Partial<Record<keyof typeof patience, number>> = {},
): Server {
  const times = { ...patience, ...given };
  const options = {
    headersTimeout: times.headersMs,
    requestTimeout: times.requestMs,
    keepAliveTimeout: times.keepAliveMs,
    connectionsCheckingInterval: times.checkMs,
  };
  const server = createHttpServer(options, (request, response) => {
    request.url = inOriginForm(request.url);
    closeWithConnection(response);
    listener(request, response);
  });
  const closeWithConnection = closeForgotten(server);
  return server.setTimeout(times.stalledMs);
}

/** Listens, and gives an address that this machine can open. Throws an Error in plain words where it can't listen. */
export async function listen(server: Server, { port, host }: Address): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    const reason = isPortTaken(cause)
      ? `Port ${port} is in use. Set PORT to a free one.`
      : `HOST, PORT: ${messageOf(cause)}`;
    throw new Error(reason, { cause });
  }
  const bound = server.address();
  const actual = bound !== null && typeof bound === "object" ? bound.port : port;
  return `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${actual}`;
}

interface Ending {
  readonly finish: () => Promise<void>;
  readonly exit: (code: number) => never;
}

/** Leaves half of the task's stopTimeout for feedback that is still being written. */
const drainLimitMs = 30_000;

/** On SIGTERM or SIGINT, or when `npm start` is gone: drains, finishes, then exits. A second signal exits at once. To be called before it listens. */
export function drainOnSignal(server: Server, { finish, exit }: Ending): void {
  const drain = drainOf(server);
  const onSignal = () => {
    if (!server.listening) exit(1);
    // Remix leaves a timer of 4.95 s behind each page, which would hold the process up.
    void drain(drainLimitMs)
      .then(finish)
      .finally(() => exit(0));
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  onParentGone(onSignal);
}

const isPortTaken = (error: unknown) => error instanceof Error && "code" in error && error.code === "EADDRINUSE";
