import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import type { Logger } from "pino";
import { limits } from "./limits.ts";
import { type Context, router } from "./router.ts";
import type { Handler } from "./rest.ts";
import { toServiceError } from "./wire-errors.ts";

export const trpcPath = "/api/trpc/";

/** Answers tRPC's clients. Never throws: tRPC makes its errors' answers itself. */
export function trpcHandler(context: Context, log: Logger): Handler {
  return createHTTPHandler({
    router,
    basePath: trpcPath,
    createContext: () => context,
    maxBodySize: limits.batchRequestBytes,
    maxBatchSize: limits.batchedCalls,
    allowMethodOverride: false,
    responseMeta: ({ errors }) => {
      const waits = errors.map((error) => toServiceError(error).retryAfterSeconds ?? 0);
      const retryAfter = Math.max(0, ...waits);
      return retryAfter > 0 ? { headers: { "retry-after": String(retryAfter) } } : {};
    },
    onError: ({ error, path, req }) => {
      const known = toServiceError(error);
      if (known.code !== "internal") return;
      log.error({ err: known.cause, procedure: path, request_id: req.headers["x-request-id"] }, "unexpected error");
    },
  });
}
