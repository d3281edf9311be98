import type { IncomingMessage, ServerResponse } from "node:http";
import { ServiceError } from "./errors.ts";
import { readJson } from "./request-body.ts";
import { sendJson } from "./respond.ts";
import { restRoutes, type Caller, type RestRoute } from "./rest-routes.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** Answers each address of the REST API by its procedure. Handlers throw what `toServiceError` knows. */
export function restHandlers(caller: Caller): ReadonlyMap<string, Handler> {
  const handlers = Object.entries(restRoutes).map(([path, route]) => [path, restHandler(route, caller)] as const);
  return new Map(handlers);
}

function restHandler(route: RestRoute, caller: Caller): Handler {
  const allow = methodsOf(route.method);
  return async (request, response) => {
    allowMethods(request, allow);
    const body = route.input && (await readJson(request, route.input.maxBytes));
    // The procedure checks its input; `never` stands for what isn't checked yet.
    sendJson(response, await route.call(caller, body as never));
  };
}

/** Throws `ServiceError` method_not_allowed. */
export function allowMethods(request: IncomingMessage, allow: readonly string[]): void {
  if (allow.includes(request.method ?? "")) return;
  const message = `${request.method ?? ""} is not for this address: use ${allow.join(" or ")}.`;
  throw new ServiceError("method_not_allowed", message, { allow });
}

/** Node sends no body in answer to HEAD. */
const methodsOf = (method: RestRoute["method"]) => (method === "GET" ? ["GET", "HEAD"] : [method]);
