/** What a unit of the trie holds, as Darts packs it: a byte of a key, where the units below it are, and whether a key ends. */
const LABEL = 0x8000_00ff;
const ENDS = 0x100;
const IS_FAR = 0x200;
/** What is below the end of a key: where its text begins. */
const TEXT = 0x7fff_ffff;

/** What Unicode takes for one character, as far as it may be short enough to be looked up as one. */
const character = /\r\n|[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}][\p{M}\u200c\u200d]+|[^]/gu;
const MAX_BYTES = 5;
const codePoint = /[^]/gu;

const encoder = new TextEncoder();
const bytes = new Uint8Array(MAX_BYTES);

/**
 * What SentencePiece writes in the place of characters, as a `tokenizer.json` has it: a trie of them, and their texts. It is
 * read as Hugging Face's own tokenizers do, by the shortest key that a character begins with.
 */
export class Charsmap {
  readonly #trie: DataView;
  readonly #texts: Buffer;

  /** @throws {RangeError} for one that is cut short */
  constructor(base64: string) {
    const blob = Buffer.from(base64, "base64");
    const start = 4 + blob.readUInt32LE(0);
    if (start > blob.length) throw new RangeError("precompiled_charsmap is cut short");
    this.#trie = new DataView(blob.buffer, blob.byteOffset + 4, start - 4);
    this.#texts = blob.subarray(start);
  }

  normalize(text: string): string {
    return text.replace(character, (whole) => this.#find(whole) ?? (whole.length > 1 ? this.#apart(whole) : whole));
  }

  #apart(text: string): string {
    return text.replace(codePoint, (one) => this.#find(one) ?? one);
  }

  #find(text: string): string | undefined {
    const { read, written } = encoder.encodeInto(text, bytes);
    if (read < text.length) return undefined; // too long
    let at = below(this.#unit(0));
    for (const byte of bytes.subarray(0, written)) {
      at ^= byte;
      const unit = this.#unit(at);
      if ((unit & LABEL) !== byte) return undefined;
      at ^= below(unit);
      if (unit & ENDS) return this.#textAt(this.#unit(at) & TEXT);
    }
    return undefined;
  }

  #unit(index: number): number {
    return this.#trie.getUint32(index * 4, true);
  }

  #textAt(start: number): string {
    return this.#texts.toString("utf8", start, this.#texts.indexOf(0, start));
  }
}

const below = (unit: number): number => (unit >>> 10) << ((unit & IS_FAR) >>> 6);
