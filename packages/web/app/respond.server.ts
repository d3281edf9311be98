import { failureStatus, type Result } from "./failure.ts";

/** A result for a script of our pages, under the status that a page would have. */
export function respond(result: Result<unknown>): Response {
  if (result.ok) return Response.json(result);
  const { failure } = result;
  const headers = "retryAfterSeconds" in failure ? { "Retry-After": String(failure.retryAfterSeconds) } : {};
  return Response.json(result, { status: failureStatus[failure.kind], headers });
}
