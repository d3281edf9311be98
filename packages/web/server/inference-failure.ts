import type { AppRouter } from "@tagsmith/inference/router";
import { TRPCClientError } from "@trpc/client";
import type { Failure } from "../app/failure.ts";

type ErrorData = NonNullable<TRPCClientError<AppRouter>["data"]>;

/** Something answered, but not in the service's language. */
export class UnexpectedAnswer extends Error {
  override readonly name = "UnexpectedAnswer";

  readonly status: number;

  constructor(status: number) {
    super(`The inference service's address answered ${status} without JSON.`);
    this.status = status;
  }
}

/** What kept the service's client from an answer, as one of the closed list. Rethrows what is our own fault. */
export function toFailure(error: unknown): Failure {
  if (!isClientError(error)) throw error;
  if (error.data) return failureOf(error.data);
  return isUnreachable(error) ? { kind: "unreachable" } : { kind: "garbled" };
}

/** Whether the same call may well succeed a moment later. */
export function isTransient(error: TRPCClientError<AppRouter>): boolean {
  return error.data ? error.data.reason === "worker_crashed" : isUnreachable(error);
}

function failureOf(data: ErrorData): Failure {
  switch (data.reason) {
    case "not_ready":
      return { kind: "loading", retryAfterSeconds: data.retryAfterSeconds ?? 5 };
    case "overloaded":
      return { kind: "overloaded", retryAfterSeconds: data.retryAfterSeconds ?? 1 };
    case "timeout":
      return { kind: "timeout" };
    case "too_large":
      return { kind: "too_large" };
    case "wrong_model":
      return { kind: "no_text" };
    case "invalid_input":
      return invalid(data.fields);
    default:
      return { kind: "failed" };
  }
}

/** The service names a field as `["body", "title"]`: where in the request, then the field. */
function invalid(errors: ErrorData["fields"]): Failure {
  const messageFor = (field: string) => errors.find(({ loc }) => loc[1] === field)?.msg;
  const title = messageFor("title");
  const body = messageFor("body");
  if (title === undefined && body === undefined)
    return { kind: messageFor("tags") === undefined ? "failed" : "no_tag" };
  return { kind: "invalid", fields: { title, body } };
}

/** A gateway's status stands for a service that is gone; `fetch` throws a TypeError for every network error. */
function isUnreachable(error: Error): boolean {
  const cause: unknown = error.cause;
  if (cause instanceof UnexpectedAnswer) return [502, 503, 504].includes(cause.status);
  return cause instanceof TypeError;
}

const isClientError = (error: unknown): error is TRPCClientError<AppRouter> => error instanceof TRPCClientError;
