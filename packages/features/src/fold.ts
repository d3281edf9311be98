/** A separator, and what every character that is neither a letter, a digit nor ASCII punctuation becomes. */
export const SPACE = 32;
/** What combining marks and zero-width characters fold to: nothing. */
export const DROPPED = 0;

const UNKNOWN = 0xffff;
const table = new Uint16Array(0x10000).fill(UNKNOWN);
for (let code = 0; code < 0x80; code++) {
  table[code] = code <= SPACE || code === 0x7f ? SPACE : String.fromCharCode(code).toLowerCase().charCodeAt(0);
}

/**
 * Folds one UTF-16 unit: compatibility forms to plain ones, lower case, accents off. One unit in, at most one out, so
 * that offsets hold; composed and decomposed spellings come out alike. Surrogates, paired or lone, separate words.
 */
export function fold(code: number): number {
  const known = table[code] ?? SPACE;
  return known === UNKNOWN ? (table[code] = foldSlowly(code)) : known;
}

function foldSlowly(code: number): number {
  const character = String.fromCharCode(code);
  if (/[\p{M}\p{Cf}]/u.test(character)) return DROPPED;
  const composed = character.normalize("NFKC").toLowerCase();
  const plain = composed.normalize("NFKD").replace(/\p{M}/gu, "");
  const folded = /[\p{L}\p{N}!-~]/u.exec(/\p{Script=Hangul}/u.test(composed) ? composed : plain)?.[0];
  return folded?.length === 1 ? folded.charCodeAt(0) : SPACE;
}
