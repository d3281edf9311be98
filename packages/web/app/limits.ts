/** What the form takes. The service has its own limits, which are no tighter. */
export const limits = {
  titleCharacters: 1_000,
  bodyCharacters: 100_000,
  /** Bytes of a submitted form: a character of the body takes up to nine of them. */
  formBytes: 1_048_576,
} as const;
