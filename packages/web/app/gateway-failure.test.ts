import { expect, it } from "vitest";
import { gatewayFailure } from "./gateway-failure.ts";

it.each([
  [429, { "retry-after": "7" }, { kind: "overloaded", retryAfterSeconds: 7 }],
  [429, {}, { kind: "overloaded", retryAfterSeconds: 30 }],
  [429, { "retry-after": "Sat, 28 Nov 2026 00:00:00 GMT" }, { kind: "overloaded", retryAfterSeconds: 30 }],
  [502, {}, { kind: "unreachable" }],
  [503, {}, { kind: "unreachable" }],
  [504, {}, { kind: "unreachable" }],
  [500, {}, { kind: "garbled" }],
  [403, {}, { kind: "garbled" }],
])("what a gateway's %i with %o means", (status, headers, failure) => {
  expect(gatewayFailure(new Response("<h1>not ours</h1>", { status, headers }))).toEqual(failure);
});
