import { setTimeout } from "node:timers/promises";
import { BundleError, isBundleError } from "./errors.ts";

const MAX_ATTEMPTS = 6;
const MAX_DELAY_MS = 5_000;

/**
 * Runs a read until it succeeds, fails for a reason that time doesn't mend, or has been tried six times. Waits between
 * two tries grow from `baseDelayMs` and are spread at random, so that many tasks don't return to a store all at once.
 */
export async function retry<T>(read: () => Promise<T>, baseDelayMs: number, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (signal?.aborted) throw new BundleError("aborted", "the download was stopped", { cause: signal.reason });
      if (attempt === MAX_ATTEMPTS || !isBundleError(error, "store_unreachable", "store_failed")) throw error;
      await pause(Math.random() * Math.min(MAX_DELAY_MS, baseDelayMs * 2 ** attempt), signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal && { signal });
  } catch (cause) {
    throw new BundleError("aborted", "the download was stopped", { cause });
  }
}
