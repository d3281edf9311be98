import { once } from "node:events";
import type { Server } from "node:http";
import { Server as NetServer, type Socket } from "node:net";

/** How often connections that have fallen idle are closed while the last requests finish. */
const sweepMs = 50;
/** How long a connection on which nothing has come yet may still bring a request that was under way. */
const silenceMs = 500;

/**
 * Watches the connections of a server that doesn't listen yet. The function that it returns takes no new ones and resolves
 * when what is in flight is finished. Unlike `Server.close` alone it waits neither for connections that have fallen idle
 * since, nor for those that a browser opened ahead of need: Node counts them as busy until `headersTimeout`. Clients that
 * send or read too slowly for the limit are cut off then; the promise says whether any was.
 */
export function drainOf(server: Server): (limitMs: number) => Promise<boolean> {
  const connections = new Set<Socket>();
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  return async (limitMs) => {
    let isCut = false;
    const limit = setTimeout(() => {
      isCut = true;
      server.closeAllConnections();
    }, limitMs);
    const closed = once(server, "close");
    // What http's own `close` does beside closes connections that it takes for idle, as below.
    NetServer.prototype.close.call(server);
    const startedMs = performance.now();
    const sweep = setInterval(() => {
      // Node takes a connection for idle once its answer has ended, though half of it may still have to be sent.
      const isSending = [...connections].some(({ writableLength }) => writableLength > 0);
      if (!isSending) server.closeIdleConnections();
      if (performance.now() - startedMs < silenceMs) return;
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    }, sweepMs);
    await closed;
    clearInterval(sweep);
    clearTimeout(limit);
    return isCut;
  };
}
