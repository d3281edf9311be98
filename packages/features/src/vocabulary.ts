const MAGIC = 0x31564754;
const HEADER_BYTES = 8;
const ROW_BYTES = 8;

/** One known feature: its hash and the weight of one occurrence (its inverse document frequency). */
export interface VocabularyRow {
  readonly hash: number;
  readonly weight: number;
}

/**
 * Maps features to rows of the model's tables. Row 0 stands for "no known feature".
 *
 * File: "TGV1", the number of rows n, n distinct hashes (0 for row 0), n weights; all little-endian, uint32 and float32.
 */
export class Vocabulary {
  /** Rows, the reserved one included. */
  readonly size: number;
  readonly weights: Float32Array;
  private readonly keys: Uint32Array;
  private readonly rows: Int32Array;
  private readonly shift: number;

  private constructor(size: number) {
    this.size = size;
    this.weights = new Float32Array(size);
    const bits = Math.ceil(Math.log2(size + 1)) + 1;
    this.shift = 32 - bits;
    this.keys = new Uint32Array(2 ** bits);
    this.rows = new Int32Array(2 ** bits);
  }

  /** Throws a RangeError that says what is wrong with the bytes. */
  static read(bytes: Uint8Array): Vocabulary {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) throw new RangeError("not a vocabulary file");
    const size = view.getUint32(4, true);
    const expected = HEADER_BYTES + size * ROW_BYTES;
    if (size === 0) throw new RangeError("a vocabulary needs the reserved row 0");
    if (bytes.length !== expected)
      throw new RangeError(`a vocabulary of ${size} rows takes ${expected} bytes, not ${bytes.length}`);
    const vocabulary = new Vocabulary(size);
    for (let row = 0; row < size; row++) {
      const weight = view.getFloat32(HEADER_BYTES + (size + row) * 4, true);
      if (!Number.isFinite(weight)) throw new RangeError(`the weight of row ${row} is not a number`);
      vocabulary.weights[row] = weight;
      const hash = view.getUint32(HEADER_BYTES + row * 4, true);
      if (row === 0 ? hash !== 0 : hash === 0 || vocabulary.row(hash) !== 0) {
        throw new RangeError(`the hash of row ${row} is reserved or repeated`);
      }
      if (row > 0) vocabulary.insert(hash, row);
    }
    return vocabulary;
  }

  /** The bytes that `read` takes; rows are numbered from 1 in the order given. */
  static write(rows: readonly VocabularyRow[]): Uint8Array {
    const numbered = [{ hash: 0, weight: 0 }, ...rows];
    const bytes = new Uint8Array(HEADER_BYTES + numbered.length * ROW_BYTES);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint32(4, numbered.length, true);
    numbered.forEach(({ hash, weight }, row) => {
      view.setUint32(HEADER_BYTES + row * 4, hash, true);
      view.setFloat32(HEADER_BYTES + (numbered.length + row) * 4, weight, true);
    });
    return bytes;
  }

  /** The row of a feature's hash; 0 if it is unknown. */
  row(hash: number): number {
    const { keys, rows } = this;
    const mask = keys.length - 1;
    let slot = Math.imul(hash, 0x9e3779b1) >>> this.shift;
    for (;;) {
      const key = keys[slot];
      if (key === hash) return rows[slot] ?? 0;
      if (key === 0) return 0;
      slot = (slot + 1) & mask;
    }
  }

  private insert(hash: number, row: number): void {
    const mask = this.keys.length - 1;
    let slot = Math.imul(hash, 0x9e3779b1) >>> this.shift;
    while (this.keys[slot] !== 0) slot = (slot + 1) & mask;
    this.keys[slot] = hash;
    this.rows[slot] = row;
  }
}
