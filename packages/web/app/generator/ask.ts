import type { Explanation, Prediction } from "../../server/inference.ts";
import type { Result } from "../failure.ts";
import { gatewayFailure } from "../gateway-failure.ts";
import { isJson } from "../is-json.ts";
import type { Question } from "../question.ts";
import { newTraceparent } from "../traceparent.ts";

/** The server gives up on the service before this, so it passes only where the server itself is out of reach. */
const deadlineMs = 15_000;

/** Asks for a question's tags. Rejects only when the signal aborts. */
export const askForTags = (question: Question, signal: AbortSignal): Promise<Result<Prediction>> =>
  post("/suggest", { ...question }, signal);

/** Asks which words speak for a tag of a question. Rejects only when the signal aborts. */
export const askForReasons = (
  { tag, ...question }: Question & { readonly tag: string },
  signal: AbortSignal,
): Promise<Result<Explanation>> => post("/explain", { ...question, explain: tag }, signal);

/** The question travels in the body: an address would be logged. */
async function post<T>(path: string, fields: Record<string, string>, signal: AbortSignal): Promise<Result<T>> {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { traceparent: newTraceparent() },
      body: new URLSearchParams(fields),
      signal: AbortSignal.any([signal, deadline]),
    });
    if (isJson(response)) return (await response.json()) as Result<T>;
    return { ok: false, failure: response.status === 413 ? { kind: "too_large" } : gatewayFailure(response) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { ok: false, failure: { kind: deadline.aborted ? "timeout" : "unreachable" } };
  }
}
