import { once } from "node:events";
import { createServer, request, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { addresses } from "./system.ts";

/**
 * Stands between the UI and the real service, and does what a test tells it: refuse as the service would in trouble, hold
 * a question back, or let it through.
 */
export class ScriptedService implements AsyncDisposable {
  readonly #server = createServer((incoming, response) => this.#answer(incoming, response));
  #answer: RequestListener = forward;

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  letThrough(): void {
    this.#answer = forward;
  }

  /** Refuses everything, as tRPC puts the service's own errors. */
  refuse(httpStatus: number, reason: string, retryAfterSeconds?: number): void {
    this.#answer = (_incoming, response) => {
      const data = { httpStatus, reason, fields: [], retryAfterSeconds };
      const body = JSON.stringify({ error: { message: reason, code: -32_000, data } });
      response.writeHead(httpStatus, { "content-type": "application/json" }).end(body);
    };
  }

  /** Holds questions back; the function that is returned lets them through. */
  hold(): () => void {
    const held: [IncomingMessage, ServerResponse][] = [];
    this.#answer = (incoming, response) => held.push([incoming, response]);
    return () => {
      this.letThrough();
      for (const [incoming, response] of held) forward(incoming, response);
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

function forward(incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url = "/" } = incoming;
  const onward = request(new URL(url, addresses.api), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  incoming.pipe(onward);
}
