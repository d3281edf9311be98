import { expect, it } from "vitest";
import type { Failure, Result } from "./failure.ts";
import { respond } from "./respond.server.ts";

const failed = (failure: Failure): Result<unknown> => ({ ok: false, failure });

it.each([
  [{ ok: true, value: ["python"] }, 200, null],
  [failed({ kind: "invalid", fields: { title: "Give your question a title." } }), 422, null],
  [failed({ kind: "loading", retryAfterSeconds: 3 }), 503, "3"],
  [failed({ kind: "overloaded", retryAfterSeconds: 7 }), 429, "7"],
  [failed({ kind: "timeout" }), 504, null],
] satisfies [Result<unknown>, number, string | null][])(
  "the page's script gets the result as it is, and whoever reads no JSON its status: %j",
  async (result, status, retryAfter) => {
    const answer = respond(result);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([status, retryAfter]);
    expect(await answer.json()).toEqual(result);
  },
);
