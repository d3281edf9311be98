import type { Refusal, SliceResult } from "./bulk.ts";
import type { Failure } from "./failure.ts";
import { gatewayFailure } from "./gateway-failure.ts";
import { isJson } from "./is-json.ts";

export type SliceAnswer = { readonly slice: SliceResult } | Refusal | { readonly failure: Failure };
/** Rejects when no answer comes. */
export type SendSlice = (form: FormData, signal: AbortSignal) => Promise<SliceAnswer>;

export const sendSlice: SendSlice = async (body, signal) => {
  const response = await fetch("/bulk/slice", {
    method: "POST",
    body,
    signal,
    headers: { accept: "application/json" },
  });
  if (!isJson(response)) return { failure: gatewayFailure(response) };
  const answer = (await response.json()) as SliceResult | Refusal;
  return "refusal" in answer ? answer : { slice: answer };
};
