export type FieldErrors = Readonly<Partial<Record<"title" | "body", string | undefined>>>;

/** Everything that can keep a question from its answer. "No tags" is an answer, not a failure. */
export type Failure =
  /** The question breaks a rule: ours or the service's. */
  | { readonly kind: "invalid"; readonly fields: FieldErrors }
  /** The form is larger than this server reads. */
  | { readonly kind: "too_large" }
  /** Nothing answers at the service's address. */
  | { readonly kind: "unreachable" }
  /** The service is up and has no model yet. */
  | { readonly kind: "loading"; readonly retryAfterSeconds: number }
  /** The service has more to do than it can. */
  | { readonly kind: "overloaded"; readonly retryAfterSeconds: number }
  /** The model in use reads numbers, not questions. */
  | { readonly kind: "no_text" }
  /** The model in use doesn't know the tag that is to be explained: another one suggested it. */
  | { readonly kind: "no_tag" }
  /** No answer came in time. */
  | { readonly kind: "timeout" }
  /** What came is not an answer of the service. */
  | { readonly kind: "garbled" }
  /** The service says that something broke. */
  | { readonly kind: "failed" };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** Whether the same question may well be answered later. */
export const mayPass = ({ kind }: Failure): boolean => !["invalid", "too_large", "no_text", "no_tag"].includes(kind);

/** The HTTP status of a page that shows the failure. */
export const failureStatus = {
  invalid: 422,
  too_large: 413,
  unreachable: 503,
  loading: 503,
  overloaded: 429,
  no_text: 409,
  no_tag: 409,
  timeout: 504,
  garbled: 502,
  failed: 502,
} as const satisfies Record<Failure["kind"], number>;
