import { type Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

export interface Sent {
  readonly path: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

interface Sending {
  readonly connection: string;
  /** Or the code of the error that came instead. */
  readonly answer: Answer | string;
}

const timeoutMs = 30_000;

/** Sends once, over a connection that the agent keeps. Never rejects. */
export function send(url: string, sent: Sent, agent?: Agent): Promise<Sending> {
  const { path, method = sent.body === undefined ? "GET" : "POST", headers, body } = sent;
  return new Promise((resolve) => {
    let connection = "none";
    const fail = (error: NodeJS.ErrnoException) => resolve({ connection, answer: error.code ?? error.message });
    const outgoing = request(url + path, { method, headers, agent, signal: AbortSignal.timeout(timeoutMs) });
    outgoing.on("socket", (socket) => {
      const name = () => (connection = `${socket.localPort} to ${socket.remotePort}`);
      if (socket.connecting) socket.once("connect", name);
      else name();
    });
    outgoing.on("response", (response) => {
      const { statusCode: status = 0, headers: received } = response;
      text(response).then((all) => resolve({ connection, answer: { status, headers: received, text: all } }), fail);
    });
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}
