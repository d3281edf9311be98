import { expect, test } from "vitest";
import { Vocabulary } from "./vocabulary.ts";

const rows = [
  { hash: 0xffffffff, weight: 3 },
  { hash: 7, weight: 1.5 },
  { hash: 0x80000000, weight: 2 },
];

test("what was written is read back, rows in the order given", () => {
  const vocabulary = Vocabulary.read(Vocabulary.write(rows));
  expect(vocabulary.size).toBe(4);
  expect([0xffffffff, 7, 0x80000000].map((hash) => vocabulary.row(hash))).toEqual([1, 2, 3]);
  expect([...vocabulary.weights]).toEqual([0, 3, 1.5, 2]);
  expect(vocabulary.row(8)).toBe(0);
});

test("a file that starts at an odd offset of its buffer is read all the same", () => {
  const bytes = Vocabulary.write(rows);
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  expect(Vocabulary.read(shifted.subarray(1)).row(7)).toBe(2);
});

test("malformed bytes are refused with the reason", () => {
  const bytes = Vocabulary.write(rows);
  const changed = (offset: number, value: number): Uint8Array => {
    const copy = bytes.slice();
    copy[offset] = value;
    return copy;
  };
  expect(() => Vocabulary.read(new Uint8Array(3))).toThrow("not a vocabulary file");
  expect(() => Vocabulary.read(changed(0, 0))).toThrow("not a vocabulary file");
  expect(() => Vocabulary.read(bytes.subarray(0, -1))).toThrow("a vocabulary of 4 rows takes 40 bytes, not 39");
  expect(() => Vocabulary.read(Buffer.concat([bytes, bytes]))).toThrow("a vocabulary of 4 rows takes 40 bytes, not 80");
  expect(() => Vocabulary.read(changed(4, 0))).toThrow("a vocabulary needs the reserved row 0");
  expect(() => Vocabulary.read(changed(8, 1))).toThrow("the hash of row 0 is reserved or repeated");
  expect(() => Vocabulary.read(changed(16, 0))).toThrow("the hash of row 2 is reserved or repeated");
  expect(() => Vocabulary.read(Vocabulary.write([...rows, ...rows]))).toThrow("row 4 is reserved or repeated");
  expect(() => Vocabulary.read(Vocabulary.write([{ hash: 1, weight: Number.NaN }]))).toThrow("row 1 is not a number");
});
