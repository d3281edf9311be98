/**
 * Joins chunks to batches of about `bytes`. A stream that breaks off first yields what came of it, so that nothing is
 * asked for twice.
 */
export async function* gather(
  chunks: AsyncIterable<Uint8Array>,
  bytes: number,
): AsyncGenerator<readonly Uint8Array[], void, undefined> {
  let batch: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunks) {
      batch.push(chunk);
      size += chunk.length;
      if (size < bytes) continue;
      yield batch;
      batch = [];
      size = 0;
    }
  } catch (error) {
    if (size > 0) yield batch;
    throw error;
  }
  if (size > 0) yield batch;
}
