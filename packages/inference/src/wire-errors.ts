import { TRPCError, type TRPCDefaultErrorShape } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { ZodError, type core } from "zod";
import { errorWire, ServiceError, tooLarge, type ErrorCode, type FieldError } from "./errors.ts";
import { limits } from "./limits.ts";
import { fieldRequired } from "./schemas.ts";

/** Any error as one of the closed list. What isn't known becomes `internal` and keeps its cause for the log. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (!(error instanceof TRPCError))
    return new ServiceError("internal", "Something went wrong here.", { cause: error });
  if (error.cause instanceof ServiceError) return error.cause;
  if (error.cause instanceof ZodError) {
    const fields = error.cause.issues.filter(isFirstOfPlace).map(toFieldError);
    return new ServiceError("invalid_input", sentence(fields), { fields });
  }
  if (error.cause instanceof SyntaxError)
    return new ServiceError("invalid_json", "The request's body is not JSON.", { cause: error });
  const code = codeOfTrpc(error);
  if (code === "too_large") return tooLarge(limits.batchRequestBytes);
  return code === "internal" ? toServiceError(error.cause) : new ServiceError(code, error.message, { cause: error });
}

/** What a tRPC client gets: tRPC's own shape, with our code as `data.reason` and each bad field in `data.fields`. */
export function toErrorShape({ error, shape }: { error: TRPCError; shape: TRPCDefaultErrorShape }) {
  const known = toServiceError(error);
  const { status, trpc } = errorWire[known.code];
  return {
    message: known.message,
    code: TRPC_ERROR_CODES_BY_KEY[trpc],
    data: {
      path: shape.data.path,
      code: trpc,
      httpStatus: status,
      reason: known.code,
      fields: known.fields ?? [],
      retryAfterSeconds: known.retryAfterSeconds,
    },
  };
}

/** What a REST client gets, in the shape that FastAPI gives. */
export function toRestError(
  error: ServiceError,
): { detail: string; code: ErrorCode } | { detail: readonly FieldError[] } {
  return error.fields ? { detail: error.fields } : { detail: error.message, code: error.code };
}

function codeOfTrpc(error: TRPCError): ErrorCode {
  const known = Object.entries(errorWire).find(([, { trpc }]) => trpc === error.code);
  return (known?.[0] ?? "internal") as ErrorCode;
}

const sentence = (fields: readonly FieldError[]) =>
  fields.map(({ loc, msg }) => `${loc.slice(1).join(".") || "body"}: ${msg}`).join("; ");

/** Pydantic says of what has a wrong type nothing else; zod goes on to count what it has. */
const isFirstOfPlace = ({ path }: core.$ZodIssue, at: number, issues: readonly core.$ZodIssue[]) =>
  String(issues[at - 1]?.path) !== String(path);

/** A zod issue in pydantic's words, which the clients of FastAPI services read. */
function toFieldError(issue: core.$ZodIssue): FieldError {
  const loc = ["body", ...issue.path.map((key) => (typeof key === "number" ? key : String(key)))];
  return { loc, ...inPydanticWords(issue) };
}

function inPydanticWords(issue: core.$ZodIssue): Pick<FieldError, "type" | "msg"> {
  switch (issue.code) {
    case "invalid_type":
      if (issue.message === fieldRequired) return { type: "missing", msg: fieldRequired };
      return typeErrors[issue.expected] ?? { type: "type_error", msg: issue.message };
    case "too_small":
      if (issue.origin === "number")
        return { type: "greater_than_equal", msg: `Input should be greater than or equal to ${issue.minimum}` };
      return issue.origin === "string"
        ? { type: "string_too_short", msg: `String should have at least ${counted(issue.minimum, "character")}` }
        : { type: "too_short", msg: `List should have at least ${counted(issue.minimum, "item")}` };
    case "too_big":
      if (issue.origin === "number")
        return { type: "less_than_equal", msg: `Input should be less than or equal to ${issue.maximum}` };
      return issue.origin === "string"
        ? { type: "string_too_long", msg: `String should have at most ${counted(issue.maximum, "character")}` }
        : { type: "too_long", msg: `List should have at most ${counted(issue.maximum, "item")}` };
    default:
      return { type: "value_error", msg: issue.message };
  }
}

const typeErrors: Record<string, Pick<FieldError, "type" | "msg">> = {
  string: { type: "string_type", msg: "Input should be a valid string" },
  number: { type: "float_type", msg: "Input should be a valid number" },
  array: { type: "list_type", msg: "Input should be a valid list" },
  object: { type: "model_attributes_type", msg: "Input should be a valid dictionary or object to extract fields from" },
};

const counted = (count: number | bigint, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
