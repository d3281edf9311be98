import fc from "fast-check";
import { expect, it } from "vitest";
import { KeyIndex } from "./key-index.ts";

/** Few of them, so that many meet. */
const key = fc.string({ unit: fc.constantFrom("a", "/", "é", "\uffee", "🙂"), maxLength: 2 });

it("lists what it has been given and not lost since, in the order of UTF-8, from anywhere", () => {
  const changes = fc.array(fc.record({ key, isAdded: fc.boolean() }));
  fc.assert(
    fc.property(fc.array(key), changes, fc.tuple(key, key), (first, steps, [prefix, after]) => {
      const index = new KeyIndex(new Set(first));
      const present = new Set(first);
      for (const { key, isAdded } of steps) {
        if (isAdded) index.add(key);
        else index.delete(key);
        if (isAdded) present.add(key);
        else present.delete(key);
      }
      const expected = [...present]
        .filter((key) => key.startsWith(prefix) && Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
        .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
      expect([...index.list(prefix, after)]).toEqual(expected);
    }),
  );
});
