import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { OrderedHash, type Part } from "./ordered-hash.ts";

const PART = 3 * 2 ** 20;
const bytes = randomBytes(3 * PART + 17);
const expected = createHash("sha256").update(bytes).digest("hex");
const partsOf = (isFull: boolean): Part[] =>
  [0, 1, 2, 3].map((index) => {
    const [start, end] = [index * PART, Math.min(bytes.length, (index + 1) * PART)];
    return { start, end, filled: isFull ? end : start };
  });

describe("the hash of a file that arrives in parts", () => {
  it("is that of the whole, whatever part is first", async () => {
    const parts = partsOf(false);
    const hash = new OrderedHash(bytes, parts);
    for (const index of [2, 0, 3, 1]) {
      const part = parts[index];
      if (part) part.filled = part.end;
      hash.advance();
    }
    expect(await hash.digest()).toBe(expected);
  });

  it("lets other work go on between two mebibytes", async () => {
    const parts = partsOf(true);
    let turns = 0;
    const count = (): void => {
      turns += 1;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    await new OrderedHash(bytes, parts).digest();
    clearImmediate(timer);
    expect(turns).toBeGreaterThanOrEqual(bytes.length / 2 ** 20 - 1);
  });
});
