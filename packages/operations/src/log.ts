import { pino, stdSerializers, type DestinationStream, type Level, type Logger } from "pino";

/** A write for each line would cost more than a prediction. */
const blockCharacters = 16_384;
const longestHoldMs = 200;

export interface Log {
  readonly log: Logger;
  /** Writes a line that isn't the logger's. */
  readonly write: (line: string) => void;
  /** Writes what is held back; call it before the process exits. */
  readonly flush: () => void;
}

/**
 * JSON lines on standard output, in blocks.
 * (pino's own buffered destination never comes back from its last flush when the reader has gone.)
 */
export function createLog(level: Level | "silent"): Log {
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
  return { log: logTo({ write }, level), write, flush };
}

export function logTo(output: DestinationStream, level: Level | "silent"): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    output,
  );
}

/** Logs what Node would print as text: its warnings, and an error that nobody has caught, after which it exits with 1. */
export function logProcess(log: Logger, exit: (code: number) => void): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => log.warn({ err: warning }, "warning"));
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "crashed");
    exit(1);
  });
}

/** Whatever else hangs on an error may be what somebody sent. */
function describeError(error: Error) {
  const { type, message, stack, code } = stdSerializers.err(error);
  return { type, code: code as unknown, message, stack };
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
