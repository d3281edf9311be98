import { once } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";

/** How often connections that have fallen idle are closed while the last requests finish. */
const sweepMs = 50;
/** How long a connection on which nothing has come yet may still bring a request that was under way. */
const silenceMs = 500;

/**
 * Watches the connections of a server that doesn't listen yet. The function that it returns takes no new ones and resolves
 * when what is in flight is finished. Unlike `Server.close` alone it waits neither for connections that have fallen idle
 * since, nor for those that a browser opened ahead of need: Node counts them as busy until `headersTimeout`.
 */
export function drainOf(server: Server): () => Promise<void> {
  const connections = new Set<Socket>();
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  return async () => {
    const closed = once(server, "close");
    server.close();
    const startedMs = performance.now();
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      if (performance.now() - startedMs < silenceMs) return;
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    }, sweepMs);
    await closed;
    clearInterval(sweep);
  };
}
