import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { FakeInference } from "../../test/fake-inference.ts";
import { type Cursor, parseCursor } from "@tagsmith/question-files/cursor";
import { FileFault } from "@tagsmith/question-files/row";
import { askOf } from "./ask.ts";
import { tagSlice } from "./slice.ts";

/** Tags a part of a file; what is no file of questions is refused and nothing else. */
async function tag(bytes: Uint8Array, isWhole: boolean, from?: Cursor): Promise<void> {
  const inference = new FakeInference();
  const { signal } = new AbortController();
  const source = { bytes: Readable.from([bytes]) as AsyncIterable<Uint8Array>, isWhole, cursor: from };
  try {
    const { consumedBytes, cursor } = await tagSlice(source, askOf(inference, signal));
    expect(consumedBytes).toBeLessThanOrEqual(bytes.length);
    expect(cursor === "" || parseCursor(cursor)).toBeTruthy();
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
  }
}

const pieces = [
  "title",
  "body",
  ",",
  ";",
  "\t",
  '"',
  '""',
  "\r\n",
  "\n",
  "\r",
  "\ufeff",
  "{",
  "}",
  ":",
  "[",
  "\\",
  "é",
  " ",
  "=1+1",
];
const texts = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })))
  .map((parts) => parts.join(""));
const names = fc.constantFrom("__proto__", "constructor", "prototype", "hasOwnProperty", "error", "suggested_tags");
const table = fc
  .tuple(fc.array(names), fc.array(texts))
  .map(([columns, rows]) => ["title", ...columns].join() + "\n" + rows.join("\n"));
const lines = fc
  .array(fc.dictionary(fc.oneof(names, fc.constant("title")), fc.jsonValue()))
  .map((rows) => rows.map((row) => JSON.stringify(row)).join("\n"));
const files = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc.oneof(texts, table, lines).map((text) => new TextEncoder().encode(text)),
);

it("whatever a file holds, it is tagged row by row or refused, and no object gets what it didn't have", async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.boolean(), async (bytes, isWhole) => {
      await tag(bytes, isWhole);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

const cursors = fc.record({
  row: fc.oneof(fc.nat(), fc.constantFrom(-1, 1.5, "1", null)),
  format: fc.oneof(
    fc.record({
      kind: fc.constantFrom("csv", "csv", "jsonl", "parquet"),
      columns: fc.array(fc.oneof(names, fc.constantFrom("title", "Title", "body", ""))),
      delimiter: fc.constantFrom(",", ";", "\t", "x"),
    }),
    fc.jsonValue(),
  ),
});

it("whatever a cursor says, it is no cursor of ours, or a file goes on from it or is refused", async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        cursors.map((cursor) => JSON.stringify(cursor)),
        fc.json(),
      ),
      files,
      async (text, bytes) => {
        const cursor = parseCursor(text);
        if (!cursor) return;
        taken++;
        await tag(bytes, true, cursor);
      },
    ),
    { numRuns: 300 },
  );
  expect(taken).toBeGreaterThan(0);
});
