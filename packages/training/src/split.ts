export type Split = "train" | "val" | "test";

/** By the hash of the normalised title, so that a question asked twice is never on both sides: 8 in 10 are trained on. */
export function splitOf(title: string): Split {
  const normalised = normalisedTitle(title);
  let hash = 0x811c9dc5;
  for (let index = 0; index < normalised.length; index++) {
    hash = Math.imul(hash ^ normalised.charCodeAt(index), 0x01000193);
  }
  const bucket = ((hash ^ (hash >>> 15)) >>> 0) % 10;
  return bucket === 8 ? "val" : bucket === 9 ? "test" : "train";
}

/** The same for titles that differ in case or punctuation only. */
export function normalisedTitle(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}+#.]+/gu, " ")
    .trim();
}
