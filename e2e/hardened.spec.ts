import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import routes from "../packages/web/app/routes.ts";
import { adminVariables, password } from "./admin.ts";
import { root, startSystem, startWeb } from "./process.ts";
import { addresses, expect, test } from "./system.ts";

const nowhere = "http://127.0.0.1:1";

/** The address of each route, with what it has in the place of a parameter. */
const paths = routes
  .flatMap((route) => route.children ?? [route])
  .filter(({ path }) => path !== "*")
  .map(({ path = "" }) => `/${path.replace(":name", "nothing")}`);

/** Sends a request as it is: `fetch` would tidy its path up. Its body has no end. */
async function send(url: string, path: string, method = "GET"): Promise<IncomingMessage & { text: string }> {
  const type = { "content-type": "application/x-www-form-urlencoded" };
  const sent = httpRequest(url, { method, path, headers: method === "POST" ? type : {} });
  if (method === "POST") sent.write("theme=dark&");
  else sent.end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  const read = await text(answer);
  sent.destroy();
  return Object.assign(answer, { text: read });
}

test("every page, file and refusal tells the browser how little it needs, and not what the server is made of", async () => {
  const others = ["/robots.txt", "/assets/none.js", "/nowhere", "/%", "//elsewhere.example", "/__proto__"];
  for (const path of [...paths, ...others]) {
    const { headers } = await send(addresses.web, path);
    expect(headers, path).toMatchObject({
      "content-security-policy": expect.stringMatching(/^default-src 'none'; script-src 'self' 'nonce-.{24}';/),
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": expect.stringContaining("camera=()"),
      "referrer-policy": "same-origin",
      "strict-transport-security": "max-age=31536000",
      "x-content-type-options": "nosniff",
    });
    expect(headers["content-security-policy"], path).toContain("frame-ancestors 'none'");
    expect(headers, path).not.toHaveProperty("x-powered-by");
    expect(headers, path).not.toHaveProperty("server");
    expect(headers, path).not.toHaveProperty("access-control-allow-origin");
  }
});

test("no address waits for a form without an end, nor takes one", async () => {
  for (const path of paths) {
    const { statusCode = 0 } = await send(addresses.web, path, "POST");
    const isSentOn = /^\/dashboard\/(sign-out|models)/.test(path); // for want of a session
    expect([path, isSentOn ? [302] : [400, 405, 413, 422]]).toEqual([path, expect.arrayContaining([statusCode])]);
  }
});

test("no path leads out of the folder of the browser's files", async () => {
  const up = ["..", "%2e%2e", "..%2f..", "..\\..", "..%5c..", "%00", "....//"];
  for (const prefix of ["/", "/assets/", "/charts/"]) {
    for (const step of up) {
      for (const file of ["main.js", "package.json", "packages/web/build/main.js"]) {
        const path = `${prefix}${step}/${file}`;
        const { statusCode, text: body } = await send(addresses.web, path);
        expect([path, [400, 403, 404]]).toEqual([path, expect.arrayContaining([statusCode])]);
        expect(body).not.toContain("createRequire");
      }
    }
  }
});

test("no secret is in a page, an answer or the log", async ({ dataDir }) => {
  test.slow(); // it starts a system of its own and asks for every page
  const { ADMIN_PASSWORD_HASH: hash } = adminVariables();
  const secrets = { AWS_SECRET_ACCESS_KEY: "canary-secret-key", AWS_SESSION_TOKEN: "canary-session-token" };
  await using system = startSystem(dataDir, { ...secrets, ADMIN_PASSWORD_HASH: hash, LOG_LEVEL: "debug" });
  const web = await system.prints(/web +(http:\S+)/);
  const api = await system.prints(/inference +(http:\S+)/);
  const body = new URLSearchParams({ name: "Ada", password });
  const signedIn = await fetch(`${web}/dashboard/sign-in`, { method: "POST", body, redirect: "manual" });
  const cookies = signedIn.headers.getSetCookie();
  expect(cookies).toHaveLength(2);
  const cookie = cookies.map((line) => line.split(";", 1)[0]).join("; ");
  const shown = [cookies.join()];
  const ofApi = ["/api/v1/models", "/api/v1/openapi.json", "/readyz", "/metrics"].map((path) => api + path);
  for (const url of [...paths.map((path) => web + path), ...ofApi]) {
    const answer = await fetch(url, { headers: { cookie } });
    shown.push(JSON.stringify([...answer.headers]), await answer.text());
    if (url.includes("/dashboard")) expect([url, answer.headers.get("cache-control")]).toEqual([url, "no-store"]);
  }
  await fetch(`${api}/api/v1/predict`, { method: "POST", body: JSON.stringify({ title: "canary-question" }) });
  system.signal("SIGTERM");
  await system.exitCode();
  const [, , , , salt = "", key = ""] = hash.split(".");
  for (const secret of [...Object.values(secrets), password, salt, key, "canary-question"]) {
    expect(secret.length).toBeGreaterThan(12);
    expect(shown.join("\n"), "in an answer").not.toContain(secret);
    expect(system.output, "in the log").not.toContain(secret);
  }
});

test("the browser's files hold nothing of the server's", async () => {
  const client = join(root, "packages/web/build/client");
  const files = (await readdir(client, { recursive: true })).filter((name) => /\.(js|css|html|svg|txt)$/.test(name));
  expect(files.length).toBeGreaterThan(5);
  for (const name of files) {
    const found = /process\.env|hkdf|aws-sdk|SECRET_ACCESS_KEY|sourceMappingURL|from"node:/.exec(
      await readFile(join(client, name), "utf8"),
    );
    expect([name, found?.[0]]).toEqual([name, undefined]);
  }
});

test("over HTTPS, as the balancer says it, the session's cookies are this host's alone", async () => {
  await using web = startWeb(nowhere, { ...adminVariables(), TRUSTED_PROXIES: "1" });
  const url = await web.address();
  const headers = { "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1" };
  const body = new URLSearchParams({ name: "Ada", password });
  const answer = await fetch(`${url}/dashboard/sign-in`, { method: "POST", headers, body, redirect: "manual" });
  const cookies = answer.headers.getSetCookie();
  expect(cookies).toHaveLength(2);
  for (const cookie of cookies) {
    expect(cookie).toMatch(
      /^__Host-(dashboard|device)=[^;]*; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  }
});
