import type { AppRouter } from "@tagsmith/inference/router";
import { createTRPCClient, httpLink, retryLink } from "@trpc/client";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { Result } from "../app/failure.ts";
import { isTransient, toFailure, UnexpectedAnswer } from "./inference-failure.ts";

export type Question = inferRouterInputs<AppRouter>["predict"];
export type Prediction = inferRouterOutputs<AppRouter>["predict"];
export type Explanation = inferRouterOutputs<AppRouter>["explain"];
export type PredictionBatch = inferRouterOutputs<AppRouter>["predictBatch"];
export type CurrentModel = inferRouterOutputs<AppRouter>["model"]["current"];

/** The inference service as the pages see it. Nothing here throws for what the service does or leaves undone. */
export interface Inference {
  predict(question: Question, signal: AbortSignal): Promise<Result<Prediction>>;
  /** Which words of the question speak for the tag. */
  explain(question: Question & { readonly tag: string }, signal: AbortSignal): Promise<Result<Explanation>>;
  /** Answers up to 256 questions in their order. */
  predictBatch(questions: readonly Question[], signal: AbortSignal): Promise<Result<PredictionBatch>>;
  currentModel(signal: AbortSignal): Promise<Result<CurrentModel>>;
}

interface Options {
  /** The service's base address, without a path. */
  readonly url: string;
  /** How long a page waits for the service, a second attempt included. */
  readonly deadlineMs?: number;
}

/** Every call only reads, so each may be tried a second time. */
const attempts = 2;
const retryDelayMs = 100;

export function createInference({ url, deadlineMs = 5_000 }: Options): Inference {
  const client = createTRPCClient<AppRouter>({
    links: [
      retryLink({
        retry: ({ attempts: made, error }) => made < attempts && isTransient(error),
        retryDelayMs: () => retryDelayMs,
      }),
      httpLink({ url: `${url}/api/trpc`, fetch: fetchJson }),
    ],
  });

  async function settle<T>(signal: AbortSignal, call: (signal: AbortSignal) => Promise<T>): Promise<Result<T>> {
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      return { ok: true, value: await call(AbortSignal.any([signal, deadline])) };
    } catch (error) {
      return { ok: false, failure: deadline.aborted ? { kind: "timeout" } : toFailure(error) };
    }
  }

  return {
    predict: (question, signal) => settle(signal, (either) => client.predict.mutate(question, { signal: either })),
    explain: ({ tag, ...question }, signal) =>
      settle(signal, (either) => client.explain.mutate({ ...question, tags: [tag] }, { signal: either })),
    predictBatch: (questions, signal) =>
      settle(signal, (either) => client.predictBatch.mutate({ questions: [...questions] }, { signal: either })),
    currentModel: (signal) => settle(signal, (either) => client.model.current.query(undefined, { signal: either })),
  };
}

/** tRPC reads every body as JSON and drops the status of one that isn't, such as a balancer's own 502 page. */
async function fetchJson(url: RequestInfo | URL, init?: object): Promise<Response> {
  const response = await fetch(url, init);
  if (response.headers.get("content-type")?.startsWith("application/json")) return response;
  await response.body?.cancel();
  throw new UnexpectedAnswer(response.status);
}
