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
  /** Objects and lists within each other. A question needs three. */
  jsonDepth: 32,
  /** Objects, lists and strings, names of fields among them. A batch of questions needs a thousand. */
  jsonParts: 65_536,
  headerBytes: 16 * kibibyte,
  headers: 100,
  /** Calls in one tRPC request. */
  batchedCalls: 64,
  explainedTags: 5,
  explainedWords: 200,
  /** Characters that one explanation may predict on: 200 words of a 20,000 character question. */
  explainedCharacters: 4_000_000,
  /** What one explanation may cost: 133 words of a model that takes 15 ms. */
  explainedMs: 2_000,
  /** How long a client may take to send its request. */
  requestMs: 30_000,
  /** What bodies take together, each from its coming until its answer has gone. */
  heldBytes: 64 * mebibyte,
  /** A smaller body is not counted: no question alone is refused for others' large ones. */
  uncountedBytes: 64 * kibibyte,
  /** Of a body that was refused, this much is still read, so that its sender gets to read why. */
  discardedBytes: 32 * mebibyte,
} as const;

/** How long a connection may take for each step. Tests are less patient. */
export const patience = {
  /** From a connection, or the first byte of a further request, to the end of its headers. */
  headersMs: 10_000,
  requestMs: limits.requestMs,
  /** Above the balancer's idle timeout (stacks/ingress.ts), or it would send a request into a connection that is just being closed. */
  keepAliveMs: 65_000,
  /** A client that takes in nothing of its answer; longer than any answer takes to make. */
  stalledMs: 120_000,
  /** How often Node looks for requests that have come too slowly. */
  checkMs: 1_000,
} as const;

export type Patience = Readonly<Record<keyof typeof patience, number>>;
