/** One JSON line to stderr. Never give it a request's address or body: a question is nobody's business. */
export function logError(message: string, error: unknown): void {
  const cause = error instanceof Error ? { name: error.name, reason: error.message, stack: error.stack } : {};
  process.stderr.write(`${JSON.stringify({ level: "error", time: new Date().toISOString(), message, ...cause })}\n`);
}
