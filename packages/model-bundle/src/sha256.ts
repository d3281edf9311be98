import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";

/** One update of this size takes about a millisecond; the event loop runs between two. */
export const HASH_SLICE_BYTES = 2 ** 20;

/** Hexadecimal SHA-256 of bytes of any size, without holding up the event loop. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.length; at += HASH_SLICE_BYTES) {
    if (at > 0) await setImmediate();
    hash.update(bytes.subarray(at, at + HASH_SLICE_BYTES));
  }
  return hash.digest("hex");
}

/** Hexadecimal SHA-256 of a short text. */
export function sha256OfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
