import type { Span } from "@tagsmith/operations/tracing";
import type { ServerResponse } from "node:http";
import { ServiceError } from "./errors.ts";
import type { ModelAccess } from "./model-access.ts";
import { spanOf } from "./observe.ts";
import type { Context } from "./router.ts";

/** What the procedures know of the request that they answer. */
export class RequestContext implements Context {
  readonly model: ModelAccess;
  readonly #response: ServerResponse;
  #signal: AbortSignal | undefined;

  constructor(model: ModelAccess, response: ServerResponse) {
    this.model = model;
    this.#response = response;
  }

  get span(): Span | undefined {
    return spanOf(this.#response.req);
  }

  /** Aborts when the client has left before its answer. It costs nothing until somebody asks for it. */
  get signal(): AbortSignal {
    this.#signal ??= signalOf(this.#response);
    return this.#signal;
  }
}

function signalOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const settle = () => {
    if (!response.writableFinished) gone.abort(new ServiceError("client_gone", "The client left before its answer."));
  };
  if (response.destroyed) settle();
  else response.once("close", settle);
  return gone.signal;
}
