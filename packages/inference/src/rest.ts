import { callTRPCProcedure } from "@trpc/server";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ServiceError } from "./errors.ts";
import type { ModelAccess } from "./model-access.ts";
import { parseJson } from "./parse-json.ts";
import { readText } from "./request-body.ts";
import { RequestContext } from "./request-context.ts";
import { sendJson } from "./respond.ts";
import { restRoutes, type RestRoute } from "./rest-routes.ts";
import { router } from "./router.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** Answers each address of the REST API by its procedure. Handlers throw what `toServiceError` knows. */
export function restHandlers(model: ModelAccess): ReadonlyMap<string, Handler> {
  const handlers = Object.entries(restRoutes).map(([path, route]) => [path, restHandler(route, model)] as const);
  return new Map(handlers);
}

function restHandler({ method, procedure: path, input }: RestRoute, model: ModelAccess): Handler {
  const allow = methodsOf(method);
  const type = method === "GET" ? "query" : "mutation";
  return async (request, response) => {
    allowMethods(request, allow);
    const ctx = new RequestContext(model, response);
    if (input) await model.admit(ctx); // before a body is read for nothing
    const body = input && parseJson(await readText({ request, response }, input.maxBytes));
    const getRawInput = () => Promise.resolve(body);
    sendJson(
      response,
      await callTRPCProcedure({ router, path, type, ctx, getRawInput, signal: undefined, batchIndex: 0 }),
    );
  };
}

/** Throws `ServiceError` method_not_allowed. */
function allowMethods(request: IncomingMessage, allow: readonly string[]): void {
  if (allow.includes(request.method ?? "")) return;
  const message = `${request.method ?? ""} is not for this address: use ${allow.join(" or ")}.`;
  throw new ServiceError("method_not_allowed", message, { allow });
}

/** Handlers of what can only be read. */
export function readOnly(handlers: Readonly<Record<string, Handler>>): ReadonlyMap<string, Handler> {
  const allow = methodsOf("GET");
  return new Map(
    Object.entries(handlers).map(([path, handler]) => [
      path,
      (request, response) => {
        allowMethods(request, allow);
        return handler(request, response);
      },
    ]),
  );
}

/** Node sends no body in answer to HEAD. */
const methodsOf = (method: RestRoute["method"]) => (method === "GET" ? ["GET", "HEAD"] : [method]);
