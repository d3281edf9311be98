import { expect, it, vi } from "vitest";
import type { Releases, StoreFailure, StoreResult } from "../../server/dashboard/releases.ts";
import { takeDecision, type Choice } from "./decision.server.ts";

const promotion: Choice = { intent: "promote", name: "tags", version: "2", seen: "etag" };

interface Given {
  readonly form?: Record<string, string>;
  readonly result?: StoreResult<string>;
  readonly isSignedIn?: boolean;
}

/** What becomes of a form, and what the releases were asked for. */
async function decided({ form = promotion, result = { ok: true, value: "" }, isSignedIn = true }: Given) {
  const act = () => vi.fn(() => Promise.resolve(result));
  const releases = { promote: act(), rollback: act(), stopTrial: act() };
  const sessions = { read: () => Promise.resolve(isSignedIn ? { name: "Ada" } : undefined) };
  const body = new URLSearchParams(form).toString();
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": String(Buffer.byteLength(body)),
  };
  const request = new Request("http://site.test/dashboard/models", { method: "POST", body, headers });
  const dashboard = { sessions: () => Promise.resolve(sessions), releases: releases as unknown as Releases };
  const asked = { request, params: {}, context: { dashboard } as never };
  const came = await takeDecision(asked).catch((thrown: unknown) => thrown as Response);
  return { came, releases };
}

it("each decision is carried out under the name of whoever made it, on the state that was seen", async () => {
  const by = { by: "Ada", seen: "etag" };
  const promoted = await decided({});
  expect(promoted.releases.promote).toHaveBeenCalledExactlyOnceWith(promotion, by);
  const back = await decided({ form: { intent: "rollback", to: "tags@1", seen: "etag" } });
  expect(back.releases.rollback).toHaveBeenCalledExactlyOnceWith(by);
  const stopped = await decided({ form: { intent: "stop", tried: "tags@2", seen: "etag" } });
  expect(stopped.releases.stopTrial).toHaveBeenCalledExactlyOnceWith(by);
  for (const { came } of [promoted, back, stopped]) {
    expect(came instanceof Response && came.headers.get("location")).toBe("/dashboard/models");
  }
});

it("nothing is decided for whoever isn't signed in", async () => {
  const { came, releases } = await decided({ isSignedIn: false });
  expect(came instanceof Response && came.headers.get("location")).toBe("/dashboard/sign-in");
  expect(releases.promote).not.toHaveBeenCalled();
});

it("a form that is none of the page's changes nothing, and says so", async () => {
  const { came, releases } = await decided({ form: { ...promotion, intent: "delete" } });
  expect(came).toMatchObject({ data: { failure: { title: "That can’t be done", status: 422 } } });
  expect(Object.values(releases).some(({ mock }) => mock.calls.length > 0)).toBe(false);
});

it.each([
  ["conflict", 409, /^Somebody else was faster: the reason\. .*decide again/],
  ["no_trial", 409, /^Somebody else was faster: /],
  ["worse", 409, /^This version was found worse: .*Nothing was changed.*--force/],
  ["not_found", 409, /^This version can’t be put to use: .*Nothing was changed/],
  ["hash_mismatch", 409, /^This version can’t be put to use: /],
  // What was sent may have arrived: nobody may be told that nothing was changed.
  ["store_unreachable", 502, /^The store failed: .*Look whether anything was changed/],
] satisfies [StoreFailure["code"], number, RegExp][])("what the admin is told of %s", async (code, status, words) => {
  const { came } = await decided({ result: { ok: false, failure: { code, message: "the reason" } } });
  expect(came).toMatchObject({ init: { status } });
  const { title, message } = "data" in came ? came.data.failure : { title: "", message: "" };
  expect(`${title}: ${message}`).toMatch(words);
});
