import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import express from "express";
import { expect, it } from "vitest";
import { createServer, listen } from "./lifecycle.ts";
import { originOf } from "./origin.ts";

it.each([
  ["[::1]:3000", {}, 0, "http://[::1]:3000"],
  ["[::1]", {}, 0, "http://[::1]"],
  ["tags.example:8443", {}, 0, "http://tags.example:8443"],
  ["tags.example", { "x-forwarded-host": "other.example:99" }, 0, "http://tags.example"],
  ["web:3000", { "x-forwarded-host": "tags.example", "x-forwarded-proto": "https" }, 1, "https://tags.example"],
  ["web:3000", { "x-forwarded-host": "[2001:db8::1]:8443" }, 1, "http://[2001:db8::1]:8443"],
])("the site is known by %s, with %j and %i proxies trusted, as %s", async (...[host, headers, proxies, origin]) => {
  const app = express().set("trust proxy", proxies);
  app.use((asked, response) => response.send(originOf(asked)));
  const server = createServer(app);
  const url = await listen(server, { port: 0, host: "127.0.0.1" });
  const [answer] = (await once(request(url, { headers: { host, ...headers } }).end(), "response")) as [IncomingMessage];
  expect(await text(answer)).toBe(origin);
  server.close();
});
