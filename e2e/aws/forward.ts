import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An address on this machine behind which a host name's site is, as if the name could be resolved. */
interface Forward extends AsyncDisposable {
  readonly url: string;
}

/** Sends every request on to a port of this machine, as one for `host`. */
export async function forward(port: number, host: string): Promise<Forward> {
  const server = createServer((incoming, answer) => pass(incoming, answer, { port, host })).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.close().closeAllConnections();
    await once(server, "close");
  };
  return { url, [Symbol.asyncDispose]: close };
}

function pass(incoming: IncomingMessage, answer: ServerResponse, { port, host }: { port: number; host: string }): void {
  const own = `http://${incoming.headers.host ?? ""}`;
  const origin = incoming.headers.origin === own ? `http://${host}` : incoming.headers.origin;
  const outgoing = request({
    host: "127.0.0.1",
    port,
    method: incoming.method,
    path: incoming.url,
    headers: { ...incoming.headers, host, ...(origin !== undefined && { origin }) },
  });
  outgoing.once("response", (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  outgoing.once("error", () => answer.destroy());
  answer.once("close", () => outgoing.destroy());
  incoming.pipe(outgoing);
}
