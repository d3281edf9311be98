import { mkdtempSync, mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "./app.ts";
import { listen } from "./lifecycle.ts";
import { cspNonce } from "./security.ts";

let server: Server;
let url: string;

beforeAll(async () => {
  const clientDir = mkdtempSync(join(tmpdir(), "client-"));
  mkdirSync(join(clientDir, "assets"));
  writeFileSync(join(clientDir, "assets", "app-123.js"), "export const answer = 42;\n".repeat(100));
  writeFileSync(join(clientDir, "robots.txt"), "User-agent: *\n");
  const pages = (
    request: { path: string; ip?: string | undefined },
    response: Parameters<typeof cspNonce>[0],
    next: (error: Error) => void,
  ) => {
    if (request.path === "/address") response.send(request.ip);
    else if (request.path === "/broken") next(new Error("the secret reason"));
    else response.send(cspNonce(response));
    return Promise.resolve();
  };
  server = createServer(
    createApp({ observer: express.Router(), pages, streams: express.Router(), clientDir, trustedProxies: 0 }),
  );
  url = await listen(server, { port: 0, host: "127.0.0.1" });
});
afterAll(() => server.close());

describe("headers", () => {
  it("scripts run only with the nonce that the page was given, and styles never in line", async () => {
    const response = await fetch(url);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain(`script-src 'self' 'nonce-${await response.text()}'`);
    expect(policy).toContain("style-src 'self';");
    expect(policy).not.toContain("unsafe");
  });

  it("every answer has a nonce of its own", async () => {
    const [one, other] = await Promise.all([fetch(url), fetch(url)]);
    expect(await one.text()).not.toBe(await other.text());
  });

  it("nothing tells what the server is made of", async () => {
    expect((await fetch(url)).headers.has("x-powered-by")).toBe(false);
  });
});

describe("files", () => {
  it("a hashed file is kept for a year and sent compressed", async () => {
    const response = await fetch(`${url}/assets/app-123.js`, { headers: { "accept-encoding": "br" } });
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(response.headers.get("content-encoding")).toBe("br");
    expect(await response.text()).toContain("42");
  });

  it("a hashed file that is gone is 404, not a page", async () => {
    const response = await fetch(`${url}/assets/app-000.js`);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toContain("text/plain");
  });

  it("other public files are looked for again within the hour", async () => {
    expect((await fetch(`${url}/robots.txt`)).headers.get("cache-control")).toBe("public, max-age=3600");
  });
});

it("a browser that looks for an icon of its own accord is led to the one that there is", async () => {
  const response = await fetch(`${url}/favicon.ico`, { redirect: "manual" });
  expect(response.status).toBe(301);
  expect(response.headers.get("location")).toBe("/favicon.svg");
});

it.each(["TRACE", "OPTIONS", "PUT", "PROPFIND"])("%s is answered with what there is", async (method) => {
  const [response] = (await once(request(url, { method }).end(), "response")) as [IncomingMessage];
  expect([response.statusCode, response.headers.allow]).toEqual([405, "GET, HEAD, POST"]);
  response.resume();
});

it.each(["/healthz", "/charts/roc", "/dashboard/figures", "/dashboard/serving", "/dashboard/trial"])(
  "%s, which is read alone, takes nothing else",
  async (path) => {
    for (const method of ["POST", "PUT", "OPTIONS"]) {
      const response = await fetch(url + path, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
      expect(await response.text()).toBe("Method Not Allowed\n");
    }
    expect((await fetch(url + path, { method: "HEAD" })).status).toBe(200);
  },
);

it("a request that names two hosts is refused", async () => {
  const headers = ["Host", "one.example", "Host", "other.example"];
  const [response] = (await once(request(url, { headers }).end(), "response")) as [IncomingMessage];
  expect(response.statusCode).toBe(400);
  response.resume();
});

describe("a form", () => {
  const post = async (headers: HeadersInit) => (await fetch(url, { method: "POST", headers, body: "title=x" })).status;

  it("from this site is taken", async () => {
    expect(await post({ origin: url })).toBe(200);
    expect(await post({ origin: url, "sec-fetch-site": "same-origin" })).toBe(200);
  });

  it("that is packed is refused rather than read as an empty one", async () => {
    expect(await post({ "content-encoding": "gzip" })).toBe(415);
    expect(await post({ "content-encoding": "identity" })).toBe(200);
  });

  it("from no browser is taken", async () => {
    expect(await post({})).toBe(200);
  });

  it.each([
    { origin: "https://elsewhere.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ])("from another site is refused: %j", async (headers) => {
    expect(await post(headers)).toBe(403);
  });
});

describe.each([
  ["/suggest", "/"],
  ["/explain", "/"],
  ["/theme", "/"],
  ["/feedback/send", "/feedback"],
  ["/bulk/slice", "/bulk"],
  ["/dashboard/sign-out", "/dashboard"],
])("%s, which takes forms alone,", (path, page) => {
  const ask = (init: RequestInit) => fetch(url + path, { redirect: "manual", ...init });

  it("leads whoever opens it in a browser to the page that has the form", async () => {
    const response = await ask({ headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } });
    expect([response.status, response.headers.get("location")]).toEqual([302, page]);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])(
    "tells a program that sends %s what it takes",
    async (method) => {
      const response = await ask({ method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    },
  );

  it("takes a form", async () => {
    expect((await ask({ method: "POST", body: new URLSearchParams("title=x") })).status).toBe(200);
  });
});

describe("whom a request comes from", () => {
  const told = async (trustedProxies: number, forwarded: string) => {
    const pages = (
      { ip, secure }: { ip?: string | undefined; secure: boolean },
      response: Parameters<typeof cspNonce>[0],
    ) => {
      response.json({ ip, secure });
      return Promise.resolve();
    };
    const own = createServer(
      createApp({
        observer: express.Router(),
        pages,
        streams: express.Router(),
        clientDir: mkdtempSync(join(tmpdir(), "client-")),
        trustedProxies,
      }),
    );
    const headers = { "x-forwarded-for": forwarded, "x-forwarded-proto": "https" };
    const response = await fetch(await listen(own, { port: 0, host: "127.0.0.1" }), { headers });
    own.close();
    return (await response.json()) as unknown;
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
    const response = await fetch(url + path);
    expect([response.status, await response.text()]).toEqual([400, "Bad Request\n"]);
  },
);

it("an error shows nothing of its reason", async () => {
  const response = await fetch(`${url}/broken`);
  expect(response.status).toBe(500);
  expect(await response.text()).toBe("Internal Server Error\n");
});
