import { destination, pino, type DestinationStream, type Level, type Logger } from "pino";

/** JSON lines on standard output, written in blocks: a write a line would cost more than a prediction. */
export function createLog(level: Level | "silent"): { log: Logger; flush: () => void } {
  const output = destination({ fd: 1, minLength: 4_096, periodicFlush: 200, sync: false });
  return { log: logTo(output, level), flush: () => output.flushSync() };
}

export function logTo(output: DestinationStream, level: Level | "silent"): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    output,
  );
}
