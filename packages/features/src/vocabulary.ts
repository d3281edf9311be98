const MAGIC = 0x31564754;
const HEADER_BYTES = 8;
const ROW_BYTES = 8;
const HASHING = 0x9e3779b1;

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
  /** A hash table, a third or more of it free: hash and row side by side, so that one line of the cache holds both. */
  private readonly slots: Int32Array;
  private readonly shift: number;
  /** Four bits for each slot, of which those of known hashes are set: most features are unknown, and few get past it. */
  private readonly filter: Uint8Array;

  private constructor(size: number) {
    this.size = size;
    this.weights = new Float32Array(size);
    const bits = Math.max(3, Math.ceil(Math.log2(size * 1.5)));
    this.shift = 32 - bits;
    this.slots = new Int32Array(2 * 2 ** bits);
    this.filter = new Uint8Array(2 ** (bits - 1));
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
      const isNew = row === 0 ? hash === 0 : hash !== 0 && vocabulary.insert(hash, row);
      if (!isNew) throw new RangeError(`the hash of row ${row} is reserved or repeated`);
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
    const bit = this.filterBit(hash);
    if ((((this.filter[bit >>> 3] ?? 0) >> (bit & 7)) & 1) === 0) return 0;
    return this.slots[this.find(hash | 0) + 1] ?? 0;
  }

  /** False if the hash is there already. */
  private insert(hash: number, row: number): boolean {
    const slot = this.find(hash | 0);
    if (this.slots[slot] !== 0) return false;
    const bit = this.filterBit(hash);
    this.filter[bit >>> 3] = (this.filter[bit >>> 3] ?? 0) | (1 << (bit & 7));
    this.slots[slot] = hash;
    this.slots[slot + 1] = row;
    return true;
  }

  private filterBit(hash: number): number {
    return Math.imul(hash, HASHING) >>> (this.shift - 2);
  }

  /** Where a hash stands, or the free slot where it would: there the row is 0. */
  private find(hash: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = (Math.imul(hash, HASHING) >>> this.shift) * 2;
    for (;;) {
      const key = slots[slot];
      if (key === hash || key === 0) return slot;
      slot = (slot + 2) & mask;
    }
  }
}
