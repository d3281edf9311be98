const HASHING = 0x9e3779b1;

/** Counts in how many documents each 32-bit hash occurs; a Map of millions of entries would take ten times as long. */
export class FrequencyTable {
  private keys = new Uint32Array(1 << 16);
  private counts = new Int32Array(1 << 16);
  private lastDocuments = new Int32Array(1 << 16).fill(-1);
  private used = 0;

  /** Counts a hash (never 0) for a document; again for the same document adds nothing. */
  add(hash: number, document: number): void {
    const slot = this.slot(hash);
    if (this.keys[slot] === 0) {
      this.keys[slot] = hash;
      this.used += 1;
    }
    if (this.lastDocuments[slot] !== document) {
      this.lastDocuments[slot] = document;
      this.counts[slot] = (this.counts[slot] ?? 0) + 1;
    }
    if (this.used * 2 > this.keys.length) this.grow();
  }

  /** All hashes that occur in at least so many documents. */
  atLeast(minimum: number): { hash: number; count: number }[] {
    const found: { hash: number; count: number }[] = [];
    this.counts.forEach((count, slot) => {
      if (count >= minimum) found.push({ hash: this.keys[slot] ?? 0, count });
    });
    return found;
  }

  private slot(hash: number): number {
    const mask = this.keys.length - 1;
    let slot = (Math.imul(hash, HASHING) >>> 8) & mask;
    while (this.keys[slot] !== 0 && this.keys[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, counts, lastDocuments } = this;
    this.keys = new Uint32Array(keys.length * 4);
    this.counts = new Int32Array(keys.length * 4);
    this.lastDocuments = new Int32Array(keys.length * 4).fill(-1);
    for (let old = 0; old < keys.length; old++) {
      const key = keys[old] ?? 0;
      if (key === 0) continue;
      const slot = this.slot(key);
      this.keys[slot] = key;
      this.counts[slot] = counts[old] ?? 0;
      this.lastDocuments[slot] = lastDocuments[old] ?? -1;
    }
  }
}
