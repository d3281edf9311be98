/**
 * A bucket's keys in the order of their UTF-8 bytes, as S3 lists them. It is kept: to sort a hundred thousand keys for each
 * page would hold up every other request.
 */
export class KeyIndex {
  /** Each byte as a character, so that texts compare as bytes do. */
  readonly #keys: string[];

  constructor(keys: Iterable<string>) {
    this.#keys = Array.from(keys, bytesOf).sort();
  }

  add(key: string): void {
    const bytes = bytesOf(key);
    const at = this.#position(bytes);
    if (this.#keys[at] !== bytes) this.#keys.splice(at, 0, bytes);
  }

  delete(key: string): void {
    const bytes = bytesOf(key);
    const at = this.#position(bytes);
    if (this.#keys[at] === bytes) this.#keys.splice(at, 1);
  }

  /** Those that begin so and come after `after`. The index must not change meanwhile. */
  *list(prefix: string, after: string): Generator<string, void, undefined> {
    const [begin, start] = [bytesOf(prefix), bytesOf(after)];
    let at = this.#position(start > begin ? start : begin);
    if (this.#keys[at] === start) at += 1;
    for (let bytes = this.#keys[at]; bytes?.startsWith(begin); bytes = this.#keys[++at]) {
      yield Buffer.from(bytes, "latin1").toString();
    }
  }

  /** Of the first key that doesn't come before it. */
  #position(bytes: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? "") < bytes) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const bytesOf = (key: string): string => Buffer.from(key).toString("latin1");
