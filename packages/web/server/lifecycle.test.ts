import { createServer } from "node:http";
import { expect, it } from "vitest";
import { listen } from "./lifecycle.ts";

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
