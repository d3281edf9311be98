const lf = 0x0a;
const cr = 0x0d;
const quote = 0x22;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Finds where records end, in bytes that come in pieces and that nobody parses. Blank lines are none. */
export interface RecordScanner {
  /** Where in the file the records end that do so in this piece, in order. */
  ends(piece: Uint8Array): Generator<number, void, undefined>;
  /** Whether the last bytes begin a record that has not ended. */
  readonly isOpen: boolean;
}

/** JSON lines, as `question-files` reads them. */
export class LineScanner implements RecordScanner {
  #offset = 0;
  #begun: Uint8Array[] = [];

  get isOpen(): boolean {
    return !isBlank(Buffer.concat(this.#begun));
  }

  *ends(piece: Uint8Array): Generator<number, void, undefined> {
    let from = 0;
    for (let at = piece.indexOf(lf); at >= 0; at = piece.indexOf(lf, from)) {
      const line = piece.subarray(from, at);
      const isRow = isText(line) || !isBlank(Buffer.concat([...this.#begun, line]));
      this.#begun = [];
      from = at + 1;
      if (isRow) yield this.#offset + from;
    }
    this.#begun.push(piece.subarray(from));
    this.#offset += piece.length;
  }
}

/** Almost every line begins so, and need not be decoded to know. */
const isText = (line: Uint8Array) => (line[0] ?? 0) > 0x20 && (line[0] ?? 0) < 0x7f;

const isBlank = (line: Buffer) => line.toString("utf8").trim() === ""; // trims a byte order mark, too

/** The scanner's states. Numbers, since they are compared for every byte. */
const atLine = 0;
const atField = 1;
const inText = 2;
const inQuotes = 3;
/** After a quote within quotes, which has ended them or is the first of a doubled one. */
const behindQuote = 4;

/**
 * Comma-separated values, as csv-parse reads them for `question-files`: a quote opens a field at its beginning only, one
 * within is doubled, and one before anything else was text. Lines end in LF, CRLF or CR.
 */
export class CsvScanner implements RecordScanner {
  readonly #delimiter: number;
  #offset = 0;
  #place = atLine;
  /** A CR has ended a record; an LF may follow that belongs to it. */
  #isAfterCr = false;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  get isOpen(): boolean {
    return this.#place !== atLine || this.#isAfterCr;
  }

  *ends(piece: Uint8Array): Generator<number, void, undefined> {
    const delimiter = this.#delimiter;
    const offset = this.#offset;
    let place = this.#place;
    let isAfterCr = this.#isAfterCr;
    for (let at = offset === 0 && byteOrderMark.equals(piece.subarray(0, 3)) ? 3 : 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0;
      if (isAfterCr) {
        isAfterCr = false;
        yield offset + at + Number(byte === lf);
        if (byte === lf) continue;
      }
      if (place === inQuotes) {
        if (byte === quote) place = behindQuote;
      } else if (byte === lf || byte === cr) {
        const isRecord = place !== atLine;
        place = atLine;
        if (isRecord && byte === lf) yield offset + at + 1;
        isAfterCr = isRecord && byte === cr;
      } else if (byte === delimiter) place = atField;
      else place = byte === quote && place !== inText ? inQuotes : inText;
    }
    this.#offset += piece.length;
    this.#place = place;
    this.#isAfterCr = isAfterCr;
  }
}
