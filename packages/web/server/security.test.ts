import express from "express";
import { describe, expect, it } from "vitest";
import { serve } from "../test/serve.ts";
import { cspNonce, sameOrigin, secure } from "./security.ts";

/** A page that shows its nonce. */
const site = () =>
  serve(express().use(secure, sameOrigin, (_request, response) => void response.send(cspNonce(response))));

describe("the content security policy", () => {
  it("lets scripts run only with the nonce that the page was given, and styles never in line", async () => {
    const response = await fetch(await site());
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain(`script-src 'self' 'nonce-${await response.text()}'`);
    expect(policy).toContain("style-src 'self';");
    expect(policy).not.toContain("unsafe");
  });

  it("forbids what it doesn't name, and what its default says nothing of: another base, frames, forms to elsewhere", async () => {
    const { headers } = await fetch(await site());
    const directives = headers.get("content-security-policy")?.split("; ");
    const forbidding = ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"];
    expect(directives).toEqual(expect.arrayContaining(forbidding));
  });

  it("has a nonce of its own for every answer", async () => {
    const url = await site();
    const [one, other] = await Promise.all([fetch(url), fetch(url)]);
    expect(await one.text()).not.toBe(await other.text());
  });
});

it("whoever follows a link on another site gets the page", async () => {
  const headers = { "sec-fetch-site": "cross-site", origin: "https://elsewhere.example" };
  expect((await fetch(await site(), { headers })).status).toBe(200);
});

describe("a form", () => {
  const post = async (headersOf: (url: string) => HeadersInit) => {
    const url = await site();
    return (await fetch(url, { method: "POST", headers: headersOf(url), body: "title=x" })).status;
  };

  it("from this site is taken", async () => {
    expect(await post((origin) => ({ origin }))).toBe(200);
    expect(await post((origin) => ({ origin, "sec-fetch-site": "same-origin" }))).toBe(200);
  });

  it("that no site has sent, as where a browser starts again, is taken", async () => {
    expect(await post((origin) => ({ origin, "sec-fetch-site": "none" }))).toBe(200);
  });

  it("from no browser is taken", async () => {
    expect(await post(() => ({}))).toBe(200);
  });

  it.each([
    { origin: "https://elsewhere.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ])("from another site is refused: %j", async (headers) => {
    expect(await post(() => headers)).toBe(403);
  });
});
