const lf = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Whether the bytes begin a file that some spreadsheets call Unicode text: much of it would pass for UTF-8. */
export const isUtf16 = (bytes: Buffer): boolean => ["fffe", "feff"].includes(bytes.subarray(0, 2).toString("hex"));

/** Whether the bytes begin what gzip, zip or zstd have packed; a workbook of a spreadsheet is a zip. */
export const isPacked = (bytes: Buffer): boolean =>
  ["1f8b", "504b0304", "28b52ffd"].some((start) => bytes.toString("hex", 0, 4).startsWith(start));

/** A file's bytes on their way, with what only whoever saw all of them can tell. */
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

export const packed = "This file is packed. Unpack it; a spreadsheet has to be saved as CSV.";

export const notUtf8 = "This is not UTF-8 text. Save the file as UTF-8.";
