import { createServer, type RequestListener } from "node:http";
import { onTestFinished } from "vitest";
import { listen } from "../server/lifecycle.ts";

/** A server that answers by `listener` until the test ends. Resolves to its address. */
export function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => server.close().closeAllConnections());
  return listen(server, { port: 0, host: "127.0.0.1" });
}
