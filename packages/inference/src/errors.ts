import type { TRPC_ERROR_CODE_KEY } from "@trpc/server";

interface Wire {
  readonly status: number;
  readonly trpc: TRPC_ERROR_CODE_KEY;
}

/** Every error that leaves the service, and what it is called on the wire: in REST by its status, in tRPC by its code. */
export const errorWire = {
  invalid_request: { status: 400, trpc: "BAD_REQUEST" },
  invalid_json: { status: 400, trpc: "PARSE_ERROR" },
  too_deep: { status: 400, trpc: "BAD_REQUEST" },
  too_many_calls: { status: 400, trpc: "BAD_REQUEST" },
  not_found: { status: 404, trpc: "NOT_FOUND" },
  method_not_allowed: { status: 405, trpc: "METHOD_NOT_SUPPORTED" },
  /** The model in use reads something else. */
  wrong_model: { status: 409, trpc: "CONFLICT" },
  timeout: { status: 408, trpc: "TIMEOUT" },
  too_large: { status: 413, trpc: "PAYLOAD_TOO_LARGE" },
  unsupported_encoding: { status: 415, trpc: "UNSUPPORTED_MEDIA_TYPE" },
  invalid_input: { status: 422, trpc: "UNPROCESSABLE_CONTENT" },
  headers_too_large: { status: 431, trpc: "BAD_REQUEST" },
  overloaded: { status: 429, trpc: "TOO_MANY_REQUESTS" },
  /** Nginx's status for a client that left before its answer; nobody gets it, the log and the metrics name it. */
  client_gone: { status: 499, trpc: "CLIENT_CLOSED_REQUEST" },
  internal: { status: 500, trpc: "INTERNAL_SERVER_ERROR" },
  not_ready: { status: 503, trpc: "SERVICE_UNAVAILABLE" },
  worker_crashed: { status: 503, trpc: "SERVICE_UNAVAILABLE" },
} as const satisfies Record<string, Wire>;

export type ErrorCode = keyof typeof errorWire;

/** One bad field, as FastAPI writes it: `loc` starts with "body". */
export interface FieldError {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

interface Details extends ErrorOptions {
  /** With `invalid_input`: each bad field. */
  readonly fields?: readonly FieldError[];
  /** With `overloaded`, `not_ready` and `worker_crashed`: when to try again. */
  readonly retryAfterSeconds?: number;
  /** With `method_not_allowed`: the methods that are. */
  readonly allow?: readonly string[];
}

/** What a request's body may be compressed with. */
export const acceptedEncodings = ["gzip", "deflate", "br"] as const;

/** An error that a client may see: its message is a sentence for people and holds nothing secret. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly allow: readonly string[] | undefined;

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, details);
    this.code = code;
    this.fields = details.fields;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.allow = details.allow;
  }

  /** What its answer's head says beside its body, in REST and tRPC alike. */
  get headers(): Record<string, string> {
    return {
      ...(this.allow && { allow: this.allow.join(", ") }),
      ...(this.retryAfterSeconds !== undefined && { "retry-after": String(this.retryAfterSeconds) }),
      ...(this.code === "unsupported_encoding" && { "accept-encoding": acceptedEncodings.join(", ") }),
    };
  }

  get status(): number {
    return errorWire[this.code].status;
  }
}

export function tooLarge(maxBytes: number): ServiceError {
  return new ServiceError("too_large", `The request is larger than ${maxBytes} bytes, the limit here.`);
}
