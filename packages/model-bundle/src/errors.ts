/**
 * Everything that can go wrong between a bundle on disk, the store and a loaded model; a caller may switch on the code.
 * `not_modified` and `precondition_failed` are the store's answers to conditional requests, 304 and 412.
 */
export type BundleErrorCode =
  | "invalid_manifest"
  | "missing_file"
  | "hash_mismatch"
  | "invalid_model"
  | "invalid_output"
  | "invalid_row"
  | "golden_mismatch"
  | "invalid_import"
  | "invalid_pointer"
  | "invalid_feedback"
  | "invalid_evaluation"
  | "worse"
  | "conflict"
  | "no_previous"
  | "no_trial"
  | "not_found"
  | "no_bucket"
  | "not_modified"
  | "precondition_failed"
  | "range_unsatisfiable"
  | "store_denied"
  | "store_unreachable"
  | "store_failed"
  | "disk_failed"
  | "aborted";

/** The one error of this package. Its message is a sentence for an operator and names the file, field or tensor. */
export class BundleError extends Error {
  override readonly name = "BundleError";
  readonly code: BundleErrorCode;

  constructor(code: BundleErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether `error` is a BundleError with one of these codes. */
export function isBundleError(error: unknown, ...codes: readonly BundleErrorCode[]): error is BundleError {
  return error instanceof BundleError && (codes.length === 0 || codes.includes(error.code));
}

/** What anything thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
