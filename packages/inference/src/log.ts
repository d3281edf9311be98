import { pino, type DestinationStream, type Level, type Logger } from "pino";

/** A write for each line would cost more than a prediction. */
const blockCharacters = 16_384;
const longestHoldMs = 200;

/**
 * JSON lines on standard output, in blocks. `flush` writes what is held back; call it before the process exits.
 * (pino's own buffered destination never comes back from its last flush when the reader has gone.)
 */
export function createLog(level: Level | "silent"): { log: Logger; flush: () => void } {
  let held = "";
  const flush = () => {
    process.stdout.write(held);
    held = "";
  };
  const write = (line: string) => {
    if (held === "") setTimeout(flush, longestHoldMs).unref();
    held += line;
    if (held.length >= blockCharacters) flush();
  };
  process.stdout.on("error", () => undefined); // that nobody reads the log is no reason to stop serving
  return { log: logTo({ write }, level), flush };
}

export function logTo(output: DestinationStream, level: Level | "silent"): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp,
      formatters: { level: (label) => ({ level: label }) },
    },
    output,
  );
}

let writtenMs = 0;
let written = "";

/** pino's own kind, written once a millisecond: under load it would take longer than the rest of a line. */
function timestamp(): string {
  const nowMs = Date.now();
  if (nowMs !== writtenMs) {
    writtenMs = nowMs;
    written = `,"time":"${new Date(nowMs).toISOString()}"`;
  }
  return written;
}
