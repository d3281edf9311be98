const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** Every limit that a client can meet. An answer that refuses for one of them names it. */
export const limits = {
  /** Stack Overflow's own limit is 150; longer ones are pasted by mistake. */
  titleCharacters: 1_000,
  /** Stack Overflow's own limit is 30,000. */
  bodyCharacters: 100_000,
  batchQuestions: 256,
  requestBytes: mebibyte,
  batchRequestBytes: 16 * mebibyte,
  headerBytes: 16 * kibibyte,
  /** Calls in one tRPC request. */
  batchedCalls: 64,
  explainedTags: 5,
  explainedWords: 200,
  /** Characters that one explanation may predict on: 200 words of a 20,000 character question. */
  explainedCharacters: 4_000_000,
  /** How long a client may take to send its request. */
  requestMs: 30_000,
} as const;
