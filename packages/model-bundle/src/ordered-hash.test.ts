import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FrontHash } from "./front-hash.ts";
import { HashThread } from "./hash-thread.ts";
import { OrderedHash } from "./ordered-hash.ts";

const STEP = 3 * 2 ** 20;
const bytes = randomBytes(3 * STEP + 17);

const kinds: readonly [string, (file: FileHandle, path: string) => FrontHash][] = [
  ["on the caller's thread", (file) => new OrderedHash(file, bytes.length)],
  ["in a thread of its own", (_, path) => new HashThread(path, bytes.length)],
];

describe.each(kinds)("a hash %s", (_, start) => {
  it("is that of the whole file, though it was started before anything was there", async () => {
    await withFile(async (file, path) => {
      const hash = start(file, path);
      for (let at = 0; at < bytes.length; at += STEP) {
        const { bytesWritten } = await file.write(bytes, at, Math.min(STEP, bytes.length - at), at);
        hash.advance(at + bytesWritten);
      }
      expect(await hash.digest()).toBe(createHash("sha256").update(bytes).digest("hex"));
      await hash.close();
    });
  });

  it("fails where the file is shorter than was said, instead of waiting", async () => {
    await withFile(async (file, path) => {
      const hash = start(file, path);
      hash.advance(bytes.length);
      await expect(hash.digest()).rejects.toThrow("the file has become shorter");
      await hash.close();
    });
  });

  it("ends at once where the file never comes", async () => {
    await withFile(async (file, path) => {
      await start(file, path).close();
    });
  });
});

async function withFile(test: (file: FileHandle, path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "hash-"));
  try {
    await using file = await open(join(folder, "file"), "w+");
    await test(file, join(folder, "file"));
  } finally {
    await rm(folder, { recursive: true });
  }
}
