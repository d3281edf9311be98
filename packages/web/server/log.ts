import { logTo } from "@tagsmith/operations/log";
import type { Logger } from "pino";

/** Until the process has one. */
let log = logTo(process.stderr, "info");

export function setLog(ofProcess: Logger): void {
  log = ofProcess;
}

/** Never give it a request's address or body: a question is nobody's business. */
export function logError(message: string, error: unknown, traceId?: string): void {
  log.error({ err: error, trace_id: traceId }, message);
}
