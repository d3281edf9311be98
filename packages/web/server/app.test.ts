import { once } from "node:events";
import { mkdtempSync, mkdirSync, writeFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RequestHandler } from "@remix-run/express";
import express from "express";
import { describe, expect, it } from "vitest";
import { serve } from "../test/serve.ts";
import { createApp } from "./app.ts";

const pages: RequestHandler = ({ path, ip, secure }, response, next) => {
  if (path === "/broken") next(new Error("the secret reason"));
  else response.json({ ip, secure });
  return Promise.resolve();
};

/** A site with a hashed file and another one, whose pages tell whom they are asked by. */
function site({ trustedProxies = 0 } = {}): Promise<string> {
  const clientDir = mkdtempSync(join(tmpdir(), "client-"));
  mkdirSync(join(clientDir, "assets"));
  writeFileSync(join(clientDir, "assets", "app-123.js"), "export const answer = 42;\n".repeat(100));
  writeFileSync(join(clientDir, "robots.txt"), "User-agent: *\n");
  const none = express.Router();
  return serve(createApp({ observer: none, pages, streams: none, clientDir, trustedProxies }));
}

it("a page has its policy, takes no form from elsewhere and no strange method, and doesn't tell what made it", async () => {
  const url = await site();
  const { headers } = await fetch(url);
  expect(headers.has("content-security-policy")).toBe(true);
  expect(headers.has("x-powered-by")).toBe(false);
  const fromElsewhere = { "sec-fetch-site": "cross-site" };
  expect((await fetch(url, { method: "POST", headers: fromElsewhere })).status).toBe(403);
  expect((await fetch(url, { method: "PUT" })).status).toBe(405);
});

describe("files", () => {
  it("a hashed file is kept for a year and sent compressed", async () => {
    const response = await fetch(`${await site()}/assets/app-123.js`, { headers: { "accept-encoding": "br" } });
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(response.headers.get("content-encoding")).toBe("br");
    expect(await response.text()).toContain("42");
  });

  it("a hashed file that is gone is 404, not a page", async () => {
    const response = await fetch(`${await site()}/assets/app-000.js`);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toContain("text/plain");
  });

  it("other public files are looked for again within the hour", async () => {
    expect((await fetch(`${await site()}/robots.txt`)).headers.get("cache-control")).toBe("public, max-age=3600");
  });

  it("a browser that looks for an icon of its own accord is led to the one that there is", async () => {
    const response = await fetch(`${await site()}/favicon.ico`, { redirect: "manual" });
    expect(response.status).toBe(301);
    expect(response.headers.get("location")).toBe("/favicon.svg");
  });
});

it("a request that names two hosts is refused", async () => {
  const headers = ["Host", "one.example", "Host", "other.example"];
  const [response] = (await once(request(await site(), { headers }).end(), "response")) as [IncomingMessage];
  expect(response.statusCode).toBe(400);
  response.resume();
});

it.each([
  ["gzip", 415],
  ["identity", 200],
])("a form that is packed is refused rather than read as an empty one: %s", async (encoding, status) => {
  const headers = { "content-encoding": encoding };
  expect((await fetch(await site(), { method: "POST", headers, body: "title=x" })).status).toBe(status);
});

describe("whom a request comes from", () => {
  const told = async (trustedProxies: number, forwarded: string) => {
    const headers = { "x-forwarded-for": forwarded, "x-forwarded-proto": "https" };
    return (await fetch(await site({ trustedProxies }), { headers })).json() as Promise<unknown>;
  };

  it("is what the balancer says last, behind one: what stands before may be the client's own invention", async () => {
    expect(await told(1, "192.0.2.66, 192.0.2.1")).toEqual({ ip: "192.0.2.1", secure: true });
  });

  it("is the connection's other end without one, whatever the headers say", async () => {
    expect(await told(0, "192.0.2.66")).toEqual({ ip: "127.0.0.1", secure: false });
  });
});

it.each(["/%", "/%ff?x=y", "/assets/%zz", "/?_data=root"])(
  "an address that no page of ours has reaches none: %s",
  async (path) => {
    const response = await fetch((await site()) + path);
    expect([response.status, await response.text()]).toEqual([400, "Bad Request\n"]);
  },
);

it("an error shows nothing of its reason", async () => {
  const response = await fetch(`${await site()}/broken`);
  expect(response.status).toBe(500);
  expect(await response.text()).toBe("Internal Server Error\n");
});
