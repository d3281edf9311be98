import type { Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/**
 * Of a connection that closes, Node 20 closes the answer whose turn it is and forgets those behind it, to requests that were sent
 * without waiting: what is held until an answer closes would be held for ever. Node 24 closes those, too, a moment later.
 * The function returned is told each answer.
 */
export function closeForgotten(server: Server): (response: ServerResponse) => void {
  const waiting = new Map<Duplex, Set<ServerResponse>>();
  const closeBehind = (socket: Duplex) => {
    for (const response of waiting.get(socket) ?? [])
      if (!response.socket && !response.writableFinished) close(response);
    waiting.delete(socket);
  };
  server.on("connection", (socket) => socket.once("close", () => setImmediate(closeBehind, socket)));
  return (response) => {
    if (response.socket) return;
    const { socket } = response.req;
    const behind = waiting.get(socket) ?? new Set();
    waiting.set(socket, behind.add(response));
    response.once("close", () => behind.delete(response));
  };
}

function close(response: ServerResponse): void {
  response.destroy();
  response.emit("close");
}
