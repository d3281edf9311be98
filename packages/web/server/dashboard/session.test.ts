import { expect, it } from "vitest";
import { hashPassword } from "./password.ts";
import { Sessions } from "./session.ts";

const password = "correct horse battery staple";
const http = new Request("http://127.0.0.1:3000/dashboard");
const https = new Request("https://tags.example/dashboard");
const withCookie = (setCookie: string, { url } = http) =>
  new Request(url, { headers: { cookie: setCookie.split(";", 1)[0] ?? "" } });

it("whoever signed in is known by the cookie for 30 days, and not a moment longer", async () => {
  let now = Date.UTC(2026, 0, 1);
  const sessions = new Sessions(await hashPassword(password), () => now);
  const request = withCookie(await sessions.begin({ name: "Ada" }, http));
  now = Date.UTC(2026, 0, 30, 23, 59);
  expect(await sessions.read(request)).toEqual({ name: "Ada" });
  now = Date.UTC(2026, 0, 31);
  expect(await sessions.read(request)).toBeUndefined();
});

it("the cookie is out of reach for scripts and other sites, and over HTTPS for listeners", async () => {
  const sessions = new Sessions(await hashPassword(password));
  const cookie = await sessions.begin({ name: "Ada" }, https);
  expect(cookie).toContain("Max-Age=2592000; Path=/;");
  expect(cookie).toContain("; HttpOnly; Secure; SameSite=Strict");
  expect(await sessions.begin({ name: "Ada" }, http)).not.toContain("Secure");
});

it("a cookie that was changed, or made by somebody else, is worth nothing", async () => {
  const sessions = new Sessions(await hashPassword(password));
  const forged = Buffer.from(JSON.stringify({ name: "Eve", expiresAt: 9e15 })).toString("base64");
  const cookie = await sessions.begin({ name: "Ada" }, http);
  const [, signature = ""] = /\.([^.;]+);/.exec(cookie) ?? [];
  expect(await sessions.read(http)).toBeUndefined();
  expect(await sessions.read(withCookie(`dashboard=${forged}`))).toBeUndefined();
  expect(await sessions.read(withCookie(`dashboard=${forged}.${signature}`))).toBeUndefined();
});

it("the same password hashed anew signs everybody out", async () => {
  const before = new Sessions(await hashPassword(password));
  const after = new Sessions(await hashPassword(password));
  const request = withCookie(await before.begin({ name: "Ada" }, http));
  expect(await before.read(request)).toEqual({ name: "Ada" });
  expect(await after.read(request)).toBeUndefined();
});

it("signing out takes the cookie away", async () => {
  const sessions = new Sessions(await hashPassword(password));
  expect(await sessions.end(http)).toMatch(/^dashboard=;.* Expires=Thu, 01 Jan 1970/);
});

it("over HTTPS no cookie counts that another host, or somebody who meddles with HTTP, could have set", async () => {
  const sessions = new Sessions(await hashPassword(password));
  const cookie = await sessions.begin({ name: "Ada" }, https);
  expect(cookie).toMatch(/^__Host-dashboard=/);
  expect(cookie).not.toContain("Domain");
  expect(await sessions.read(withCookie(cookie, https))).toEqual({ name: "Ada" });
  expect(await sessions.read(withCookie(cookie.replace("__Host-", ""), https))).toBeUndefined();
  expect(await sessions.end(https)).toMatch(/^__Host-dashboard=;.* Expires=Thu, 01 Jan 1970/);
});

it("every sign-in makes a session of its own: one that was planted beforehand is never taken over", async () => {
  let now = Date.UTC(2026, 0, 1);
  const sessions = new Sessions(await hashPassword(password), () => now++);
  const planted = await sessions.begin({ name: "Eve" }, http);
  const cookie = await sessions.begin({ name: "Ada" }, withCookie(planted));
  expect(cookie).not.toBe(planted);
  expect(await sessions.read(withCookie(cookie))).toEqual({ name: "Ada" });
});

it("a browser that signed in is known again until the password is hashed anew, and nobody can claim to be one", async () => {
  const sessions = new Sessions(await hashPassword(password));
  const cookie = await sessions.rememberDevice(https);
  expect(cookie).toMatch(/^__Host-device=.*; Max-Age=31536000; .*HttpOnly; Secure; SameSite=Strict/);
  expect(await sessions.knownDevice(withCookie(cookie, https))).toMatch(/^[0-9a-f-]{36}$/);
  expect(await new Sessions(await hashPassword(password)).knownDevice(withCookie(cookie, https))).toBeUndefined();
  expect(await sessions.knownDevice(withCookie("__Host-device=ImV2ZSI%3D.xxxx", https))).toBeUndefined();
  expect(await sessions.knownDevice(https)).toBeUndefined();
});
