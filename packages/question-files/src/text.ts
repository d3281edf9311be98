const lf = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export const notUtf8 = "This is not UTF-8 text. Save the file as UTF-8.";

/** How files begin that can't be read. What some spreadsheets call Unicode text is one: much of it would pass for UTF-8. */
const others = [
  // gzip, zip and zstd; a workbook of a spreadsheet is a zip.
  [["\x1f\x8b", "PK\x03\x04", "(\xb5/\xfd"], "This file is packed. Unpack it; a spreadsheet has to be saved as CSV."],
  [["PAR1\x15"], "This is a Parquet file. Only `npm run bulk` reads it, by a name that ends in .parquet."],
  [["\xff\xfe", "\xfe\xff"], notUtf8],
] as const;

/** Why a file that begins with these bytes can't be read; undefined where it may be. */
export function refusalOf(bytes: Buffer): string | undefined {
  const begin = bytes.toString("latin1", 0, 5);
  // In UTF-16 without a mark, as databases export it, each Latin letter has a NUL beside it.
  if (begin.slice(0, 2).includes("\0")) return notUtf8;
  return others.find(([starts]) => starts.some((start) => begin.startsWith(start)))?.[1];
}

/** A file's bytes as they stream by, and what is known of their encoding. */
export class TextBytes {
  /** Bytes so far. */
  length = 0;
  hasMark = false;
  #endsWithLine = true;
  /** Where the first piece begins that is not UTF-8. */
  #badFrom = Infinity;
  /** Nothing follows. */
  readonly isWhole: boolean;
  readonly #source: AsyncIterable<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array>, isWhole: boolean) {
    this.#source = source;
    this.isWhole = isWhole;
  }

  /** The bytes, unchanged. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    for await (const bytes of this.#source) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (this.length === 0) this.hasMark = chunk.subarray(0, 3).equals(byteOrderMark);
      this.#check(() => decoder.decode(chunk, { stream: true }));
      this.length += chunk.length;
      this.#endsWithLine = chunk.at(-1) === lf;
      yield chunk;
    }
    if (this.isWhole) this.#check(() => decoder.decode());
  }

  /** Whether what ends here may go on in bytes that were not given. */
  mayGoOn(end: number): boolean {
    return !this.isWhole && end >= this.length && !this.#endsWithLine;
  }

  /** Whether a text that ends here has lost characters: the replacement character may also be its own. */
  isDamaged(text: string, end: number): boolean {
    return end > this.#badFrom && text.includes("\ufffd");
  }

  #check(decode: () => string): void {
    if (this.#badFrom < Infinity) return;
    try {
      decode();
    } catch {
      this.#badFrom = this.length;
    }
  }
}
