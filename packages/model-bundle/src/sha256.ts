import { createHash } from "node:crypto";

/** Size and hexadecimal SHA-256 of what comes in chunks of up to a mebibyte, each of which takes a millisecond. */
export async function sha256OfStream(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Hexadecimal SHA-256 of a short text. */
export function sha256OfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
