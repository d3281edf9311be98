import { setTimeout as wait } from "node:timers/promises";
import { interrupted } from "./command.ts";

interface Options {
  readonly timeoutMs: number;
  readonly everyMs?: number;
}

/**
 * Asks again until the answer is not undefined, and resolves to it.
 * @throws {Error} naming what was waited for, with the reason of the last refusal, after the timeout or on Ctrl-C.
 */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, options: Options): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  let refusal: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      refusal = undefined;
    } catch (error) {
      refusal = error;
    }
    await wait(options.everyMs ?? 500, undefined, { signal: interrupted });
  }
  throw new Error(`waited ${options.timeoutMs / 1000} s in vain until ${what}`, { cause: refusal });
}
