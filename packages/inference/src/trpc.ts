import type { TRPCError } from "@trpc/server";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { ServiceError } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import type { ModelAccess } from "./model-access.ts";
import { idsOf } from "./observe.ts";
import { parseJson } from "./parse-json.ts";
import { askForBody, encodingOf, readText } from "./request-body.ts";
import { RequestContext } from "./request-context.ts";
import { secure } from "./respond.ts";
import type { Handler } from "./rest.ts";
import { restRoutes } from "./rest-routes.ts";
import { router } from "./router.ts";
import { callsOf, isJson, type Calls } from "./trpc-calls.ts";
import { Mutations } from "./trpc-mutations.ts";
import { toServiceError } from "./wire-errors.ts";

export const trpcPath = "/api/trpc/";

/** What tRPC knows. */
const methods = ["GET", "HEAD", "POST"];

/** Answers tRPC's clients: what is hot by `Mutations`, the rest by tRPC's own adapter. Never throws. */
export function trpcHandler(model: ModelAccess, { metrics, log }: { metrics: Metrics; log: Logger }): Handler {
  const onError = (error: TRPCError, path: string | undefined, request: IncomingMessage) => {
    const known = toServiceError(error);
    metrics.failed(known.code);
    if (known.code !== "internal") return;
    log.error({ err: known.cause, procedure: path, ...idsOf(request) }, "unexpected error");
  };
  const createContext = ({ response }: { response: ServerResponse }) => new RequestContext(model, response);
  const mutations = new Mutations({ router, createContext, maxBytesOf, onError, headersOf });
  const adapter = createHTTPHandler({
    router,
    basePath: trpcPath,
    createContext: ({ res: response }) => createContext({ response }),
    maxBodySize: limits.batchRequestBytes,
    maxBatchSize: limits.batchedCalls,
    allowMethodOverride: false,
    responseMeta: ({ errors }) => ({ headers: headersOf(errors) }),
    onError: ({ error, path, req }) => onError(error, path, req),
    middleware: (request, response, next) => {
      prepareBody(request, response).then(
        () => void next(),
        (error: unknown) => void next(error),
      );
    },
  });
  return async (request, response) => {
    const calls = callsOf(request, trpcPath);
    if (calls && calls.paths.length > limits.batchedCalls) {
      mutations.refuse({ request, response }, tooManyCalls(calls.paths.length));
    } else if (calls && mutations.handles(request, calls)) {
      await mutations.answer({ request, response }, calls);
    } else {
      secure(response);
      // tRPC refuses a method only once it knows the type of the body, which OPTIONS and DELETE haven't.
      if (!methods.includes(request.method ?? "")) request.headers["content-type"] = "application/json";
      adapter(request, response);
    }
  };
}

/** Gives the adapter a body within our limits. What this throws, tRPC answers each call with. */
async function prepareBody(request: IncomingMessage & { body?: unknown }, response: ServerResponse): Promise<void> {
  if (request.method !== "POST") return;
  const calls = callsOf(request, trpcPath);
  if (calls && isJson(request)) {
    const text = await readText({ request, response }, maxBytesOf(calls));
    if (text !== "") parseJson(text);
    request.body = text;
    return;
  }
  const encoding = encodingOf(request);
  if (encoding) throw new ServiceError("unsupported_encoding", `Only JSON can be encoded as ${encoding} here.`);
  askForBody({ request, response });
}

/** One call has the limit that its procedure has under REST. */
function maxBytesOf({ paths: [path], isBatch }: Calls): number {
  const route = isBatch ? undefined : Object.values(restRoutes).find(({ procedure }) => procedure === path);
  return route?.input?.maxBytes ?? (isBatch ? limits.batchRequestBytes : limits.requestBytes);
}

/** Several errors want several waits: the longest suits them all. */
function headersOf(errors: readonly TRPCError[]): Record<string, string> {
  const known = errors.map(toServiceError);
  const waits = known.map(({ retryAfterSeconds }) => retryAfterSeconds ?? 0);
  const longest = known[waits.indexOf(Math.max(...waits))];
  return Object.assign({}, ...known.map(({ headers }) => headers), longest?.headers) as Record<string, string>;
}

function tooManyCalls(count: number): ServiceError {
  const message = `The request makes ${count} calls; ${limits.batchedCalls} is the limit here.`;
  return new ServiceError("too_many_calls", message);
}
