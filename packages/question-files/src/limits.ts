/** What a question, and a row of a file, may have. The service has its own limits, which are no tighter. */
export const limits = {
  titleCharacters: 1_000,
  bodyCharacters: 100_000,
  /** A row with all its columns: the longest body takes half of it. */
  rowBytes: 2 ** 20,
  /** Of a CSV file. */
  columns: 10_000,
} as const;
