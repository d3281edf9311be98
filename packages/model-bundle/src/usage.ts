/** The command line was not understood; the message says which part of it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Turns what `parseArgs` throws of a bad command line into a `UsageError`. */
export function parseUsage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof TypeError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}
