import { BundleError, messageOf, type BundleErrorCode } from "@tagsmith/model-bundle/errors";
import { ServiceError, type ErrorCode } from "./errors.ts";

/** Why a model could not be had, for operators: the reason may name buckets and files. */
export interface Failure {
  readonly code: BundleErrorCode | ErrorCode | "loader_crashed";
  readonly reason: string;
}

/** A failure that another thread has described. */
export class LoadError extends Error {
  override readonly name = "LoadError";
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.reason, options);
    this.failure = failure;
  }
}

export function describe(error: unknown): Failure {
  if (error instanceof LoadError) return error.failure;
  if (error instanceof BundleError) return { code: error.code, reason: error.message };
  // What killed a thread is the cause; its message to clients says nothing to operators.
  if (error instanceof ServiceError) return { code: error.code, reason: messageOf(error.cause ?? error) };
  return { code: "internal", reason: messageOf(error) };
}

const mendedByTime: readonly Failure["code"][] = [
  "store_unreachable",
  "store_failed",
  "precondition_failed",
  "loader_crashed",
];

/** Whether the same version may well be had later. If not, an earlier one is the better try. */
export function timeMends({ code }: Failure): boolean {
  return mendedByTime.includes(code);
}
