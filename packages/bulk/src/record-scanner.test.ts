import { openFile, type OpenFile } from "@tagsmith/question-files/open";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvScanner, LineScanner, type RecordScanner } from "./record-scanner.ts";

/** Everything that has ever moved a record's end, and little else. */
const atoms = [
  '"',
  '""',
  ",",
  "\r\n",
  "\n",
  "\r",
  "a",
  "é",
  "😀",
  "\u2028",
  "\u00a0",
  " ",
  '"a\nb"',
  ',"',
  '",',
  "\ufeff",
];
const text = fc.array(fc.constantFrom(...atoms), { maxLength: 40 }).map((parts) => parts.join(""));
const pieceSize = fc.integer({ min: 1, max: 7 });

describe("a scanner ends records where the reader does, wherever the bytes are cut", () => {
  it("CSV", async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom("", "\ufeff"), pieceSize, async (rest, mark, size) => {
        const bytes = Buffer.from(`${mark}title,body\n${rest}`);
        const [header = 0, ...ends] = endsOf(new CsvScanner(","), bytes, size);
        expect(ends.map((end) => end - header)).toEqual(
          await endsByReader(bytes.subarray(header), bytes.subarray(0, header)),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("JSON lines", async () => {
    await fc.assert(
      fc.asyncProperty(text, pieceSize, async (rest, size) => {
        const first = Buffer.from('{"title":"a"}\n');
        const bytes = Buffer.concat([first, Buffer.from(rest)]);
        expect(endsOf(new LineScanner(), bytes, size)).toEqual(await endsByReader(bytes));
      }),
      { numRuns: 2_000 },
    );
  });
});

function endsOf(scanner: RecordScanner, bytes: Buffer, size: number): number[] {
  const ends: number[] = [...scanner.ends(bytes.subarray(0, 16))];
  for (let at = 16; at < bytes.length; at += size) ends.push(...scanner.ends(bytes.subarray(at, at + size)));
  return scanner.isOpen ? [...ends, bytes.length] : ends;
}

/** With a header, the bytes are those below it. */
async function endsByReader(bytes: Buffer, header?: Buffer): Promise<number[]> {
  const format = header ? (await openFile({ bytes: piece(header), isWhole: true })).format : undefined;
  const cursor = format && { row: 0, format };
  const { rows }: OpenFile = await openFile({ bytes: piece(bytes), isWhole: true, ...(cursor && { cursor }) });
  const ends: number[] = [];
  for await (const { end } of rows) ends.push(end);
  return ends;
}

async function* piece(bytes: Buffer) {
  yield await Promise.resolve(bytes);
}
