import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import express from "express";
import { describe, expect, it } from "vitest";
import { serve } from "../test/serve.ts";
import { methods } from "./methods.ts";

/** A page at every address. */
const site = () => serve(express().use(methods, (_request, response) => void response.send("page")));

it.each(["TRACE", "OPTIONS", "PUT", "PROPFIND"])("%s is answered with what there is", async (method) => {
  const [response] = (await once(request(await site(), { method }).end(), "response")) as [IncomingMessage];
  expect([response.statusCode, response.headers.allow]).toEqual([405, "GET, HEAD, POST"]);
  response.resume();
});

it.each(["/healthz", "/charts/roc", "/dashboard/figures", "/dashboard/serving", "/dashboard/trial"])(
  "%s, which is read alone, takes nothing else",
  async (path) => {
    const url = await site();
    for (const method of ["POST", "PUT", "OPTIONS"]) {
      const response = await fetch(url + path, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
      expect(await response.text()).toBe("Method Not Allowed\n");
    }
    expect((await fetch(url + path, { method: "HEAD" })).status).toBe(200);
  },
);

describe.each([
  ["/suggest", "/"],
  ["/explain", "/"],
  ["/theme", "/"],
  ["/feedback/send", "/feedback"],
  ["/bulk/slice", "/bulk"],
  ["/dashboard/sign-out", "/dashboard"],
])("%s, which takes forms alone,", (path, page) => {
  const ask = async (init: RequestInit) => fetch((await site()) + path, { redirect: "manual", ...init });

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
