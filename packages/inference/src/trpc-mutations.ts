import {
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  TRPCError,
  type AnyTRPCProcedure,
  type AnyTRPCRouter,
  type TRPCErrorShape,
} from "@trpc/server";
import { getHTTPStatusCode } from "@trpc/server/http";
import type { IncomingMessage } from "node:http";
import { parseJson } from "./parse-json.ts";
import { discardBody, readText, type Exchange } from "./request-body.ts";
import { headerLines, send } from "./respond.ts";
import type { Context } from "./router.ts";
import { isJson, type Calls } from "./trpc-calls.ts";

interface MutationOptions {
  readonly router: AnyTRPCRouter;
  readonly createContext: (exchange: Exchange) => Context;
  readonly maxBytesOf: (calls: Calls) => number;
  readonly onError: (error: TRPCError, path: string | undefined, request: IncomingMessage) => void;
  readonly headersOf: (errors: readonly TRPCError[]) => Record<string, string>;
}

type Outcome =
  { readonly result: { readonly data: unknown } } | { readonly error: TRPCErrorShape; readonly cause: TRPCError };

/** As tRPC says it: the same address can answer in a stream. */
const vary = { vary: "trpc-accept, accept" };
const successLines = headerLines(vary);

/**
 * Answers POSTs of JSON to mutations in tRPC's format, of which its adapters for Node make a web `Request`, a `Response`
 * and streams: eight times the work. Mutations must answer plain data, without a transformer and not in streams.
 */
export class Mutations {
  readonly #options: MutationOptions;
  readonly #mutations: ReadonlyMap<string, AnyTRPCProcedure>;

  constructor(options: MutationOptions) {
    this.#options = options;
    const procedures = Object.entries(options.router._def.procedures as Record<string, AnyTRPCProcedure>);
    this.#mutations = new Map(procedures.filter(([, { _def }]) => _def.type === "mutation"));
  }

  handles(request: IncomingMessage, { paths, isPlain }: Calls): boolean {
    return request.method === "POST" && isPlain && isJson(request) && paths.every((path) => this.#mutations.has(path));
  }

  async answer(exchange: Exchange, calls: Calls): Promise<void> {
    const ctx = this.#options.createContext(exchange);
    const inputs = await this.#readInputs(exchange, calls, ctx).catch(getTRPCErrorFromUnknown);
    const settle = (path: string, batchIndex: number) => this.#settle(exchange, inputs, { path, batchIndex, ctx });
    const outcomes = await Promise.all(calls.paths.map(settle));
    this.#send(exchange, outcomes, calls);
  }

  /** Answers a request as a whole, before any call of it. */
  refuse(exchange: Exchange, cause: unknown): void {
    const error = getTRPCErrorFromUnknown(cause);
    this.#send(exchange, [this.#failed(exchange, error, {})], { isBatch: false });
  }

  /** Inputs by the calls' positions; what can't be read fails every call. */
  async #readInputs(exchange: Exchange, calls: Calls, ctx: Context): Promise<ArrayLike<unknown>> {
    await ctx.model.admit(ctx); // before a body is read for nothing
    const text = await readText(exchange, this.#options.maxBytesOf(calls));
    const body = text === "" ? undefined : parseJson(text);
    if (!calls.isBatch || body === undefined) return [body];
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as ArrayLike<unknown>;
    const message = '"input" needs to be an object when doing a batch call';
    throw new TRPCError({ code: "BAD_REQUEST", message });
  }

  async #settle(
    exchange: Exchange,
    inputs: ArrayLike<unknown> | TRPCError,
    call: { path: string; batchIndex: number; ctx: Context },
  ): Promise<Outcome> {
    if (inputs instanceof TRPCError) return this.#failed(exchange, inputs, call);
    const input = inputs[call.batchIndex];
    try {
      const procedure = this.#mutations.get(call.path);
      const getRawInput = () => Promise.resolve(input);
      return { result: { data: await procedure?.({ ...call, type: "mutation", getRawInput, signal: undefined }) } };
    } catch (cause) {
      return this.#failed(exchange, getTRPCErrorFromUnknown(cause), { ...call, input });
    }
  }

  #failed(
    { request }: Exchange,
    error: TRPCError,
    { path, input, ctx }: { path?: string; input?: unknown; ctx?: Context },
  ): Outcome {
    this.#options.onError(error, path, request);
    const config = this.#options.router._def._config;
    const type = path === undefined ? "unknown" : "mutation";
    return { error: getTRPCErrorShape({ config, error, type, path, input, ctx }) as TRPCErrorShape, cause: error };
  }

  #send({ request, response }: Exchange, outcomes: readonly Outcome[], { isBatch }: Pick<Calls, "isBatch">): void {
    const errors = outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.cause] : []));
    const answers = outcomes.map((outcome) => ("error" in outcome ? { error: outcome.error } : outcome));
    const type = "application/json";
    const body = JSON.stringify(isBatch ? answers : answers[0]);
    if (errors.length === 0) {
      send(response, { status: 200, type, body, lines: successLines });
      return;
    }
    if (!request.complete) discardBody(request);
    const lines = headerLines({ ...vary, ...this.#options.headersOf(errors) });
    send(response, { status: getHTTPStatusCode(answers), type, body, lines });
  }
}
