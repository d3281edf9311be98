import type { Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/**
 * When a connection with pipelined requests closes, Node 20 emits `close` on the current response only, and whatever is held until
 * the others close would be held for ever: this closes them. Node 24 does so by itself, a moment later.
 * Call the returned function with each response.
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
