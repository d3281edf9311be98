import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { expect, it } from "vitest";
import { drain, listen } from "./lifecycle.ts";

const anyPort = { port: 0, host: "127.0.0.1" };

it("a port in use is told in plain words", async () => {
  const server = createServer();
  const port = Number(new URL(await listen(server, anyPort)).port);
  await expect(listen(createServer(), { ...anyPort, port })).rejects.toThrow(
    `Port ${port} is in use. Set PORT to a free one.`,
  );
  server.close();
});

it("a server that listens everywhere names an address to open", async () => {
  const server = createServer();
  expect(await listen(server, { port: 0, host: "0.0.0.0" })).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  server.close();
});

it("draining ends what is in flight, takes nothing new, and waits for no idle connection", async () => {
  const server = createServer();
  const url = await listen(server, anyPort);
  const arrived = once(server, "request");
  const inFlight = fetch(url);
  const [, response] = (await arrived) as [unknown, ServerResponse];

  drain(server);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  const closed = once(server, "close");
  response.end("answered");
  expect(await (await inFlight).text()).toBe("answered");
  await closed;
});
