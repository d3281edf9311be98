import { once } from "node:events";
import type { Server } from "node:http";
import { drainOf } from "@tagsmith/operations/drain";

interface Address {
  readonly port: number;
  readonly host: string;
}

/** Listens, and gives an address that this machine can open. Throws an Error in plain words when the port is taken. */
export async function listen(server: Server, { port, host }: Address): Promise<string> {
  // A balancer reuses connections for 60 s: one that this side closes first is a 502 over there.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw isPortTaken(cause) ? new Error(`Port ${port} is in use. Set PORT to a free one.`, { cause }) : cause;
  }
  const bound = server.address();
  const actual = bound !== null && typeof bound === "object" ? bound.port : port;
  return `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${actual}`;
}

/** On SIGTERM or SIGINT: drains, finishes, then exits. A second signal exits at once. To be called before it listens. */
export function drainOnSignal(server: Server, finish: () => Promise<void>): void {
  const drain = drainOf(server);
  const onSignal = () => {
    if (!server.listening) process.exit(1);
    // Remix leaves a timer of 4.95 s behind each page, which would hold the process up.
    void drain()
      .then(finish)
      .finally(() => process.exit(0));
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

const isPortTaken = (error: unknown) => error instanceof Error && "code" in error && error.code === "EADDRINUSE";
