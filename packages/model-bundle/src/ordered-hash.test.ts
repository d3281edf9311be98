import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { OrderedHash, type Part } from "./ordered-hash.ts";

const PART = 3 * 2 ** 20;

it("is that of the whole file, whatever part comes first", async () => {
  const bytes = randomBytes(3 * PART + 17);
  const parts: Part[] = [0, 1, 2, 3].map((index) => {
    const start = index * PART;
    return { start, end: Math.min(bytes.length, start + PART), filled: start };
  });
  const folder = await mkdtemp(join(tmpdir(), "hash-"));
  {
    await using file = await open(join(folder, "file"), "w+");
    const hash = new OrderedHash(file, parts);
    for (const index of [2, 0, 3, 1]) {
      const part = parts[index];
      if (!part) continue;
      await file.write(bytes, part.start, part.end - part.start, part.start);
      part.filled = part.end;
      hash.advance();
    }
    expect(await hash.digest()).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
  await rm(folder, { recursive: true });
});
