import { type Fields } from "./question.ts";
import { type TextBuffer } from "./text-buffer.ts";
import { TokenBuffer, tokenize } from "./tokens.ts";

/** The title's words, its characters, the body's words, the code's: weighed and normalised block by block, so that a long body does not drown the title. */
export const BLOCK_COUNT = 4;

/**
 * The kind is part of a feature's hash, the field is not: what a word means is learnt from many titles and helps with the
 * few bodies. Blocks tell the fields apart.
 */
const Kind = { word: 1, pair: 2, characters: 3 } as const;
type Kind = (typeof Kind)[keyof typeof Kind];

const LONGEST_CHARACTERS = 5;

/** The hashes of features as they occur, block by block. */
export class FeatureBuffer {
  hashes = new Uint32Array(4096);
  length = 0;
  /** Block `b` ends before this index; it begins where block `b - 1` ends. */
  readonly blockEnds = new Int32Array(BLOCK_COUNT);

  push(hash: number): void {
    if (this.length === this.hashes.length) {
      const { hashes } = this;
      (this.hashes = new Uint32Array(this.length * 2)).set(hashes);
    }
    this.hashes[this.length] = hash;
    this.length += 1;
  }
}

const tokens = new TokenBuffer();

/** Finds the features of all fields. Overwrites `into`. */
export function extract(fields: Fields, into: FeatureBuffer): void {
  into.length = 0;
  tokenize(fields.title, tokens);
  pushWords(into);
  into.blockEnds[0] = into.length;
  pushCharacters(fields.title, into);
  into.blockEnds[1] = into.length;
  tokenize(fields.body, tokens);
  pushWords(into);
  into.blockEnds[2] = into.length;
  tokenize(fields.code, tokens);
  pushWords(into);
  into.blockEnds[3] = into.length;
}

/** Words and pairs of neighbours; the parts of a compound stand alone. */
function pushWords(into: FeatureBuffer): void {
  let previous: number | undefined;
  for (let index = 0; index < tokens.length; index++) {
    const hash = tokens.hashes[index] ?? 0;
    into.push(mix(hash, Kind.word));
    if (tokens.parts[index] === 1) continue;
    if (previous !== undefined) into.push(mix(Math.imul(previous, 31) ^ hash, Kind.pair));
    previous = hash;
  }
}

/** Two to five characters within a word, whose edges count as one character each. */
function pushCharacters({ codes }: TextBuffer, into: FeatureBuffer): void {
  for (let index = 0; index < tokens.length; index++) {
    if (tokens.parts[index] === 1) continue;
    const from = tokens.from[index] ?? 0;
    const to = tokens.to[index] ?? 0;
    for (let start = from - 1; start < to; start++) {
      const last = Math.min(start + LONGEST_CHARACTERS, to + 1);
      let hash = 0x811c9dc5;
      for (let at = start; at < last; at++) {
        const code = at < from || at === to ? 1 : (codes[at] ?? 0);
        hash = Math.imul(hash ^ code, 0x01000193);
        if (at > start) into.push(mix(hash, Kind.characters));
      }
    }
  }
}

/** MurmurHash3's finaliser over the hash and its kind; zero is kept free for "no known feature". */
function mix(hash: number, kind: Kind): number {
  let mixed = hash ^ Math.imul(kind, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0 || 1;
}
