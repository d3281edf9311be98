import { DROPPED, SPACE, fold } from "./fold.ts";

/**
 * Folded text and, for each of its characters, the index in the source that it came from. A space always closes a run,
 * so `starts[i + 1]` is where character `i` ends in the source. Grows as needed and is reused: reading allocates nothing.
 */
export class TextBuffer {
  codes = new Uint16Array(1024);
  starts = new Int32Array(1024);
  length = 0;
  /** Where what has been read of the source ends. What is passed over behind it belongs to no character. */
  private end = 0;

  reset(): void {
    this.length = 0;
    this.end = 0;
  }

  /**
   * Appends one UTF-16 unit, folded, which stands from `start` to `end`; marks and zero-width characters vanish into the
   * character before them.
   */
  push(code: number, start: number, end: number): void {
    this.end = end;
    const folded = fold(code);
    if (folded !== DROPPED) this.append(folded, start);
  }

  /** Appends the units of a range of the source. */
  pushRange(source: string, from: number, to: number): void {
    while (this.length + to - from > this.codes.length) this.grow();
    const { codes, starts } = this;
    let { length } = this;
    for (let at = from; at < to; at++) {
      const folded = fold(source.charCodeAt(at));
      if (folded === DROPPED) continue;
      codes[length] = folded;
      starts[length++] = at;
    }
    this.length = length;
    this.end = to;
  }

  /**
   * Appends the units of a range up to the first that is below 128 and marked in `stops`; returns its index, or `to`. One
   * look at each character: most of any text comes this way.
   */
  pushUntil(source: string, { from, to }: { from: number; to: number }, stops: Uint8Array): number {
    while (this.length + to - from > this.codes.length) this.grow();
    const { codes, starts } = this;
    let { length } = this;
    let at = from;
    for (; at < to; at++) {
      const unit = source.charCodeAt(at);
      if (unit < 0x80 && stops[unit] === 1) break;
      const folded = fold(unit);
      if (folded === DROPPED) continue;
      codes[length] = folded;
      starts[length++] = at;
    }
    this.length = length;
    if (at > from) this.end = at;
    return at;
  }

  /** Ends the word that is being read. */
  close(): void {
    this.append(SPACE, this.end);
  }

  /** The folded characters of a range, as a string. */
  text(from: number, to: number): string {
    return String.fromCharCode(...this.codes.subarray(from, to));
  }

  private append(code: number, start: number): void {
    if (this.length === this.codes.length) this.grow();
    this.codes[this.length] = code;
    this.starts[this.length] = start;
    this.length += 1;
  }

  private grow(): void {
    const { codes, starts } = this;
    this.codes = new Uint16Array(codes.length * 2);
    this.codes.set(codes);
    this.starts = new Int32Array(starts.length * 2);
    this.starts.set(starts);
  }
}
