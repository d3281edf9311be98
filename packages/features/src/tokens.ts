import { type TextBuffer } from "./text-buffer.ts";

/**
 * Tokens of one text, as parallel arrays of `from` and `to` (indices into the text) and `hashes`. A compound
 * (`asp.net-mvc`, `$scope`) is followed by its parts (`asp`, `net`, `mvc`), which are marked in `parts`. Single letters are no
 * parts: `R.id.list` says nothing of R, nor `objective-c` of C.
 */
export class TokenBuffer {
  from = new Int32Array(512);
  to = new Int32Array(512);
  hashes = new Int32Array(512);
  parts = new Uint8Array(512);
  length = 0;

  reset(): void {
    this.length = 0;
  }

  push(from: number, to: number, hash: number): void {
    if (this.length === this.from.length) this.grow();
    this.from[this.length] = from;
    this.to[this.length] = to;
    this.hashes[this.length] = hash;
    this.parts[this.length] = 0;
    this.length += 1;
  }

  pushPart(from: number, to: number, hash: number): void {
    this.push(from, to, hash);
    this.parts[this.length - 1] = 1;
  }

  private grow(): void {
    const { from, to, hashes, parts } = this;
    const capacity = this.length * 2;
    (this.from = new Int32Array(capacity)).set(from);
    (this.to = new Int32Array(capacity)).set(to);
    (this.hashes = new Int32Array(capacity)).set(hashes);
    (this.parts = new Uint8Array(capacity)).set(parts);
  }
}

const DOT = 46;
const HYPHEN = 45;
const PLUS = 43;
const HASH = 35;

const WORD = 1;
const PREFIX = 2;
const kinds = new Uint8Array(0x10000).fill(WORD, 0x80);
for (const character of "abcdefghijklmnopqrstuvwxyz0123456789_") kinds[character.charCodeAt(0)] = WORD;
for (const character of ".$@#") kinds[character.charCodeAt(0)] = PREFIX;

/**
 * Splits as programmers write: `c#`, `c++`, `.net`, `node.js`, `python-3.x`, `objective-c`, `$scope`, `@override` and
 * `#include` stay whole. The text must end in a separator, as a closed TextBuffer does.
 */
export function tokenize(text: TextBuffer, tokens: TokenBuffer): void {
  const { codes, length } = text;
  tokens.reset();
  let at = 0;
  while (at < length) {
    const kind = kinds[codes[at] ?? 0];
    if (kind === WORD) at = readToken(codes, at, { body: at, tokens });
    else if (kind === PREFIX && kinds[codes[at + 1] ?? 0] === WORD) at = readToken(codes, at, { body: at + 1, tokens });
    else at += 1;
  }
}

function readToken(codes: Uint16Array, start: number, { body, tokens }: { body: number; tokens: TokenBuffer }): number {
  const end = wordEnd(codes, body);
  const token = tokens.length;
  if (start === body && !isJoint(codes, end)) {
    const suffixed = suffixEnd(codes, end);
    tokens.push(start, suffixed, hashRange(codes, start, suffixed));
    return suffixed;
  }
  tokens.push(start, end, 0);
  let from = body;
  let to = end;
  for (;;) {
    const more = isJoint(codes, to);
    if (!more) to = suffixEnd(codes, to);
    if (to - from > 1) tokens.pushPart(from, to, hashRange(codes, from, to));
    if (!more) break;
    from = to + 1;
    to = wordEnd(codes, from);
  }
  tokens.to[token] = to;
  tokens.hashes[token] = hashRange(codes, start, to);
  return to;
}

function wordEnd(codes: Uint16Array, from: number): number {
  let at = from;
  while (kinds[codes[at] ?? 0] === WORD) at += 1;
  return at;
}

/** Whether a dot or a hyphen joins the word before it to a word after it. */
function isJoint(codes: Uint16Array, at: number): boolean {
  return (codes[at] === DOT || codes[at] === HYPHEN) && kinds[codes[at + 1] ?? 0] === WORD;
}

/** The `++` of c++ and the `#` of c#. */
function suffixEnd(codes: Uint16Array, end: number): number {
  if (codes[end] === PLUS && codes[end + 1] === PLUS) return end + 2;
  return codes[end] === HASH && kinds[codes[end + 1] ?? 0] !== WORD ? end + 1 : end;
}

/** FNV-1a over UTF-16 units. */
function hashRange(codes: Uint16Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (codes[at] ?? 0), 0x01000193);
  return hash;
}
