/** Gradients of the rows that a batch touches, one after another in a pool that grows; the rest of a table has none. */
export class SparseRows {
  gradients: Float32Array;
  readonly #width: number;
  /** The touched rows, in the order of their slots; valid up to `#count`. */
  #rows = new Int32Array(1024);
  #count = 0;
  readonly #slots: Int32Array;

  constructor(tableRows: number, width: number) {
    this.#width = width;
    this.#slots = new Int32Array(tableRows).fill(-1);
    this.gradients = new Float32Array(this.#rows.length * width);
  }

  /** Where in `gradients` the row's begin. */
  offset(row: number): number {
    const slot = this.#slots[row] ?? -1;
    return (slot < 0 ? this.#take(row) : slot) * this.#width;
  }

  /** Gives every touched row to `visit`, which leaves its gradients at zero, and forgets it. */
  drain(visit: (row: number, gradients: Float32Array) => void): void {
    for (let slot = 0; slot < this.#count; slot++) {
      const row = this.#rows[slot] ?? 0;
      this.#slots[row] = -1;
      visit(row, this.gradients.subarray(slot * this.#width, (slot + 1) * this.#width));
    }
    this.#count = 0;
  }

  #take(row: number): number {
    if (this.#count === this.#rows.length) {
      const { gradients } = this;
      const rows = this.#rows;
      (this.#rows = new Int32Array(rows.length * 2)).set(rows);
      (this.gradients = new Float32Array(gradients.length * 2)).set(gradients);
    }
    this.#slots[row] = this.#count;
    this.#rows[this.#count] = row;
    return this.#count++;
  }
}
