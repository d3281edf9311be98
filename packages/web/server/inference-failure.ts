import type { AppRouter } from "@tagsmith/inference/router";
import { TRPCClientError } from "@trpc/client";
import type { Failure, FieldErrors } from "../app/failure.ts";

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
      return { kind: "loading" };
    case "overloaded":
      return { kind: "overloaded", retryAfterSeconds: data.retryAfterSeconds ?? 1 };
    case "timeout":
      return { kind: "timeout" };
    case "too_large":
      return { kind: "too_large" };
    case "invalid_input":
      return invalid(data.fields);
    default:
      return { kind: "failed" };
  }
}

/** The service names a field as `["body", "title"]`: where in the request, then the field. */
function invalid(errors: ErrorData["fields"]): Failure {
  const fields: FieldErrors = Object.fromEntries(
    errors.map(({ loc, msg }) => [loc[1], msg] as const).filter(([field]) => field === "title" || field === "body"),
  );
  return Object.keys(fields).length > 0 ? { kind: "invalid", fields } : { kind: "failed" };
}

/** A gateway's status stands for a service that is gone; `fetch` throws a TypeError for every network error. */
function isUnreachable({ cause }: TRPCClientError<AppRouter>): boolean {
  if (cause instanceof UnexpectedAnswer) return [502, 503, 504].includes(cause.status);
  return cause instanceof TypeError;
}

const isClientError = (error: unknown): error is TRPCClientError<AppRouter> => error instanceof TRPCClientError;
