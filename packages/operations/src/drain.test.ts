import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { drainOf } from "./drain.ts";

let server: Server;
let drain: (limitMs: number) => Promise<boolean>;
const limitMs = 60_000;
let port: number;

beforeEach(async () => {
  server = createServer();
  drain = drainOf(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});

afterEach(() => {
  vi.useRealTimers();
  server.closeAllConnections();
});

it("ends what is in flight, takes nothing new, and waits for no connection that falls idle", async () => {
  const url = `http://127.0.0.1:${port}`;
  const arrived = once(server, "request");
  const inFlight = fetch(url);
  const [, response] = (await arrived) as [unknown, ServerResponse];

  const drained = drain(limitMs);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  response.end("answered");
  expect(await (await inFlight).text()).toBe("answered");
  expect(await drained).toBe(false);
});

const large = Buffer.alloc(64 * 2 ** 20);

/** A client that takes in nothing of a large answer until it is told to. */
async function slowReader(): Promise<Socket> {
  server.on("request", (_, response: ServerResponse) => response.end(large));
  const arrived = once(server, "request");
  const client = connect(port, "127.0.0.1").on("error", () => undefined);
  client.write("GET / HTTP/1.1\r\nhost: here\r\n\r\n");
  await arrived;
  return client;
}

it("waits until a slow client has taken in all of an answer", async () => {
  const reader = await slowReader();
  const drained = drain(limitMs);
  const taken = (await buffer(reader)).length;
  expect(taken).toBeGreaterThan(large.length);
  expect(await drained).toBe(false);
});

it("cuts off who takes in nothing of an answer, at the limit", async () => {
  const reader = await slowReader();
  expect(await drain(100)).toBe(true);
  reader.destroy();
});

it("waits for no connection that was opened ahead of need", async () => {
  const accepted = once(server, "connection");
  const ahead = connect(port, "127.0.0.1");
  await accepted;
  const ended = once(ahead, "close");
  await drain(limitMs);
  await ended;
});

it("answers a request that comes on a fresh connection just after the drain began", async () => {
  vi.useFakeTimers({ toFake: ["performance"] }); // it stays so
  server.on("request", (_, response: ServerResponse) => response.end("answered"));
  const idle = connect(port, "127.0.0.1");
  idle.write("GET / HTTP/1.1\r\nhost: here\r\n\r\n");
  await once(idle, "data");
  const accepted = once(server, "connection");
  const late = connect(port, "127.0.0.1").setEncoding("utf8");
  await accepted;
  const drained = drain(limitMs);
  await once(idle, "close"); // which those that could be closed have been with it
  late.write("GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n");
  const [answer] = (await once(late, "data")) as [string];
  expect(answer).toContain("200 OK");
  await drained;
});
