import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { createServer, drainOnSignal, listen } from "./lifecycle.ts";

const anyPort = { port: 0, host: "127.0.0.1" };

it("an address that can't be listened at is told with its variables", async () => {
  const elsewhere = { port: 0, host: "192.0.2.1" };
  await expect(
    listen(
      createServer(() => undefined),
      elsewhere,
    ),
  ).rejects.toThrow(/^HOST, PORT: .*192\.0\.2\.1/);
});

it("a port in use is told in plain words", async () => {
  const server = createServer(() => undefined);
  const port = Number(new URL(await listen(server, anyPort)).port);
  await expect(
    listen(
      createServer(() => undefined),
      { ...anyPort, port },
    ),
  ).rejects.toThrow(`Port ${port} is in use. Set PORT to a free one.`);
  server.close();
});

it("a server that listens everywhere names an address to open", async () => {
  const server = createServer(() => undefined);
  expect(await listen(server, { port: 0, host: "0.0.0.0" })).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  server.close();
});

it("a request that names the whole address, as of a proxy, is one for its path", async () => {
  const server = createServer((request, response) => response.end(request.url));
  const { port } = new URL(await listen(server, anyPort));
  const answer = await text(
    connect(Number(port), "127.0.0.1").end(
      "GET http://x.example/about?a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    ),
  );
  expect(answer).toContain("\r\n\r\n/about?a");
  server.close();
});

describe("a client", () => {
  const head = "POST / HTTP/1.1\r\nhost: x\r\n";

  it.each([
    ["headers byte by byte", head, "x", { headersMs: 150, checkMs: 20 }],
    [
      "a body byte by byte",
      `${head}content-length: 1000000\r\n\r\n`,
      "x",
      { requestMs: 300, headersMs: 150, checkMs: 20 },
    ],
  ])("that sends %s is given up with 408", async (...[, begun, byte, times]) => {
    const readsAll: RequestListener = (request, response) => {
      request.resume().on("error", () => undefined);
      request.on("end", () => response.end());
    };
    const server = createServer(readsAll, times);
    const socket = connect(Number(new URL(await listen(server, anyPort)).port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(begun);
    const trickle = setInterval(() => socket.write(byte), 20);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(trickle);
    server.close();
  });

  it("that leaves has each answer closed that it sent a request for without waiting", async () => {
    let open = 0;
    const server = createServer((_request, response) => {
      open++;
      response.once("close", () => open--);
    });
    const socket = connect(Number(new URL(await listen(server, anyPort)).port), "127.0.0.1");
    socket.write(`${head}content-length: 0\r\n\r\n`.repeat(3));
    await expect.poll(() => open, { timeout: 20_000 }).toBe(3);
    socket.destroy();
    await expect.poll(() => open, { timeout: 20_000 }).toBe(0);
    server.close();
  });

  it("that has asked and fallen idle outlives the limit for headers, within which a silent one is closed", async () => {
    const server = createServer((_request, response) => response.end("yes"), { headersMs: 150, checkMs: 20 });
    const port = Number(new URL(await listen(server, anyPort)).port);
    const [used, silent] = [connect(port, "127.0.0.1").setEncoding("utf8"), connect(port, "127.0.0.1").resume()];
    for (let count = 0; count < 2; count++) {
      used.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
      expect(await once(used, "data")).toEqual([expect.stringContaining("200 OK") as string]);
      if (!silent.closed) await once(silent, "close");
    }
    used.destroy();
    server.close();
  });

  it("that is a balancer may send its next request for longer than the 60 s for which it keeps a connection", async () => {
    const server = createServer((_request, response) => response.end("yes"));
    const { headers } = await fetch(await listen(server, anyPort));
    const [, seconds] = /^timeout=(\d+)$/.exec(headers.get("keep-alive") ?? "") ?? [];
    expect(Number(seconds)).toBeGreaterThan(60);
    server.close();
    server.closeAllConnections();
  });

  it("that reads nothing of its answer is given up", async () => {
    const server = createServer((_request, response) => response.end(Buffer.alloc(2 ** 26)), { stalledMs: 150 });
    const connected = once(server, "connection");
    const socket = connect(Number(new URL(await listen(server, anyPort)).port), "127.0.0.1").pause();
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    const [serverSide] = (await connected) as [typeof socket];
    await once(serverSide, "close");
    expect(socket.bytesRead).toBeLessThan(2 ** 26);
    socket.destroy();
    server.close();
  });
});

describe("a signal", () => {
  const events: NodeJS.EventEmitter = process;
  const names = ["SIGTERM", "SIGINT", "disconnect"];
  const others = new Set(names.flatMap((name) => events.listeners(name)));
  const ours = (name: string) => events.listeners(name).filter((listener) => !others.has(listener)) as (() => void)[];
  afterEach(() => {
    for (const name of names) ours(name).forEach((listener) => events.removeListener(name, listener));
    process.channel?.ref();
  });

  /** A server with a request that waits for its answer, and what became of them once `send` was called. */
  async function asked() {
    const ended: string[] = [];
    const server = createServer(() => undefined);
    const finish = () => Promise.resolve(void ended.push("finished"));
    const exit = (code: number) => void ended.push(`exit ${code}`) as never;
    drainOnSignal(server, { finish, exit });
    const requested = once(server, "request") as Promise<Parameters<RequestListener>>;
    const answer = fetch(await listen(server, anyPort));
    const [, response] = await requested;
    const send = (name = "SIGTERM") => ours(name).forEach((listener) => listener());
    return { ended, server, answer, response, send };
  }

  it.each([
    ["SIGTERM", "SIGTERM"],
    ["Ctrl-C", "SIGINT"],
    ["the end of npm start", "disconnect"],
  ])("lets what was asked be answered and what is left be written, and then ends: %s", async (...[, name]) => {
    const { ended, answer, response, send } = await asked();
    send(name);
    expect(ended).toEqual([]);
    response.end("yes");
    expect(await (await answer).text()).toBe("yes");
    await expect.poll(() => ended, { timeout: 20_000 }).toEqual(["finished", "exit 0"]);
  });

  it("ends at once where it is the second", async () => {
    const { ended, server, answer, send } = await asked();
    send();
    send();
    expect(ended[0]).toBe("exit 1");
    server.closeAllConnections();
    await expect(answer).rejects.toThrow();
  });
});
