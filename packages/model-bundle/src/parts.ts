/** One connection gives S3's 80 to 100 MB/s, so that a part is there in a tenth of a second. */
export const PART_BYTES = 8 * 2 ** 20;

/** A range of a file, `end` not counted in, and how far it has been filled from its start. */
export interface Part {
  readonly end: number;
  filled: number;
}

/** A file as parts that are filled side by side. */
export class Parts {
  readonly all: readonly Part[];
  /** The first part that is not full. */
  #front = 0;

  constructor(bytes: number) {
    this.all = Array.from({ length: Math.ceil(bytes / PART_BYTES) }, (_, index) => {
      const start = index * PART_BYTES;
      return { end: Math.min(bytes, start + PART_BYTES), filled: start };
    });
  }

  /** How many bytes are there without a gap, from the file's start. */
  get reached(): number {
    let part = this.all[this.#front];
    while (part?.filled === part?.end && this.#front < this.all.length - 1) part = this.all[++this.#front];
    return part?.filled ?? 0;
  }
}
