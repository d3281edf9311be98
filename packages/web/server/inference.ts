import type { AppRouter } from "@tagsmith/inference/router";
import { createTRPCClient, httpLink, retryLink, type TRPCClient } from "@trpc/client";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { Failure, Result } from "../app/failure.ts";
import { isJson } from "../app/is-json.ts";
import { isTransient, toFailure, UnexpectedAnswer } from "./inference-failure.ts";
import type { RequestTrace } from "./observe.ts";

export type Question = inferRouterInputs<AppRouter>["predict"];
export type Prediction = inferRouterOutputs<AppRouter>["predict"];
export type Explanation = inferRouterOutputs<AppRouter>["explain"];
export type PredictionBatch = inferRouterOutputs<AppRouter>["predictBatch"];
export type CurrentModel = inferRouterOutputs<AppRouter>["model"]["current"];

/** The inference service as the pages see it. Nothing here throws for what the service does or leaves undone. */
export interface Inference {
  /** The same, with each call part of a request's trace. */
  within(trace: RequestTrace | undefined): Inference;
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
      httpLink({
        url: `${url}/api/trpc`,
        fetch: fetchJson,
        headers: ({ op: { context } }) => ({ traceparent: context["traceparent"] as string | undefined }),
      }),
    ],
  });
  return new InferenceClient(client, deadlineMs, undefined);
}

interface CallOptions {
  readonly signal: AbortSignal;
  readonly context: Record<string, unknown>;
}

class InferenceClient implements Inference {
  readonly #client: TRPCClient<AppRouter>;
  readonly #deadlineMs: number;
  readonly #trace: RequestTrace | undefined;

  constructor(client: TRPCClient<AppRouter>, deadlineMs: number, trace: RequestTrace | undefined) {
    this.#client = client;
    this.#deadlineMs = deadlineMs;
    this.#trace = trace;
  }

  within(trace: RequestTrace | undefined): Inference {
    return new InferenceClient(this.#client, this.#deadlineMs, trace);
  }

  predict: Inference["predict"] = (question, signal) =>
    this.#settle("predict", signal, (options) => this.#client.predict.mutate(question, options));

  explain: Inference["explain"] = ({ tag, ...question }, signal) =>
    this.#settle("explain", signal, (options) => this.#client.explain.mutate({ ...question, tags: [tag] }, options));

  predictBatch: Inference["predictBatch"] = (questions, signal) =>
    this.#settle("predictBatch", signal, (options) =>
      this.#client.predictBatch.mutate({ questions: [...questions] }, options),
    );

  currentModel: Inference["currentModel"] = (signal) =>
    this.#settle("model.current", signal, (options) => this.#client.model.current.query(undefined, options));

  async #settle<T>(
    method: string,
    signal: AbortSignal,
    call: (options: CallOptions) => Promise<T>,
  ): Promise<Result<T>> {
    const attributes = { "rpc.system": "trpc", "rpc.method": method };
    const span = this.#trace?.span?.child(method, { kind: "client", attributes });
    const traceparent = span?.traceparent ?? this.#trace?.traceparent;
    const deadline = AbortSignal.timeout(this.#deadlineMs);
    let error: string | undefined = "internal";
    try {
      const value = await call({ signal: AbortSignal.any([signal, deadline]), context: { traceparent } });
      error = undefined;
      return { ok: true, value };
    } catch (cause) {
      const failure: Failure = deadline.aborted ? { kind: "timeout" } : toFailure(cause);
      error = failure.kind;
      return { ok: false, failure };
    } finally {
      span?.end({ error });
    }
  }
}

/** tRPC reads every body as JSON and drops the status of one that isn't, such as a balancer's own 502 page. */
async function fetchJson(url: RequestInfo | URL, init?: object): Promise<Response> {
  const response = await fetch(url, init);
  if (isJson(response)) return response;
  await response.body?.cancel();
  throw new UnexpectedAnswer(response.status);
}
