import { type FieldName, type Fields } from "./question.ts";
import { type TextBuffer } from "./text-buffer.ts";
import { TokenBuffer, tokenize } from "./tokens.ts";

/** Features are weighed and normalised block by block, so that a long body does not drown the title. */
export const blocks = ["title words", "title characters", "body words", "code words"] as const;
export const BLOCK_COUNT = blocks.length;
const blockFields: readonly FieldName[] = ["title", "title", "body", "code"];

/**
 * The kind is part of a feature's hash, the field is not: what a word means is learnt from many titles and helps with the
 * few bodies. Blocks tell the fields apart.
 */
const Kind = { word: 1, pair: 2, characters: 3 } as const;
type Kind = (typeof Kind)[keyof typeof Kind];

const LONGEST_CHARACTERS = 5;

/** Occurrences of features in order of their blocks: the hash and where it stands in its field's folded text. */
export class FeatureBuffer {
  hashes = new Uint32Array(4096);
  from = new Int32Array(4096);
  to = new Int32Array(4096);
  length = 0;
  /** Block `b` ends before this index; it begins where block `b - 1` ends. */
  readonly blockEnds = new Int32Array(BLOCK_COUNT);

  push(hash: number, from: number, to: number): void {
    if (this.length === this.hashes.length) this.grow();
    this.hashes[this.length] = hash;
    this.from[this.length] = from;
    this.to[this.length] = to;
    this.length += 1;
  }

  private grow(): void {
    const { hashes, from, to } = this;
    const capacity = this.length * 2;
    (this.hashes = new Uint32Array(capacity)).set(hashes);
    (this.from = new Int32Array(capacity)).set(from);
    (this.to = new Int32Array(capacity)).set(to);
  }
}

/** One occurrence of a feature; `start` and `end` are UTF-16 indices into the title or the body as given. */
export interface FeatureSpan {
  readonly hash: number;
  readonly block: (typeof blocks)[number];
  readonly text: string;
  readonly start: number;
  readonly end: number;
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

/** The same features one by one, each with its text and its place in what the writer gave. */
export function featureSpans(fields: Fields): FeatureSpan[] {
  const features = new FeatureBuffer();
  extract(fields, features);
  return blocks.flatMap((block, index) => {
    const text = fields[blockFields[index] ?? "title"];
    const begin = index === 0 ? 0 : (features.blockEnds[index - 1] ?? 0);
    return Array.from({ length: (features.blockEnds[index] ?? 0) - begin }, (_, offset) => {
      const hash = features.hashes[begin + offset] ?? 0;
      const from = features.from[begin + offset] ?? 0;
      const to = features.to[begin + offset] ?? 0;
      return { hash, block, text: text.text(from, to), start: text.starts[from] ?? 0, end: text.starts[to] ?? 0 };
    });
  });
}

/** Words and pairs of neighbours; the parts of a compound stand alone. */
function pushWords(into: FeatureBuffer): void {
  let previous = -1;
  for (let index = 0; index < tokens.length; index++) {
    const hash = tokens.hashes[index] ?? 0;
    const from = tokens.from[index] ?? 0;
    const to = tokens.to[index] ?? 0;
    into.push(mix(hash, Kind.word), from, to);
    if (tokens.parts[index] === 1) continue;
    if (previous >= 0) {
      const before = tokens.hashes[previous] ?? 0;
      into.push(mix(Math.imul(before, 31) ^ hash, Kind.pair), tokens.from[previous] ?? 0, to);
    }
    previous = index;
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
        if (at > start) into.push(mix(hash, Kind.characters), Math.max(start, from), Math.min(at + 1, to));
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
