import { type Question, readFields } from "./question.ts";
import { type TextBuffer } from "./text-buffer.ts";
import { TokenBuffer, tokenize } from "./tokens.ts";

/** A word as it stands in the title or the body as given (raw HTML included): `start` and `end` are UTF-16 indices. */
export interface Word {
  readonly field: "title" | "body";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The words that features are made of, in reading order; words of code count as the body's. */
export function words(question: Question): Word[] {
  const { title, body, code } = readFields(question);
  const inBody = [...wordsOf(body, "body"), ...wordsOf(code, "body")].sort((one, other) => one.start - other.start);
  return [...wordsOf(title, "title"), ...inBody];
}

function wordsOf(text: TextBuffer, field: Word["field"]): Word[] {
  const tokens = new TokenBuffer();
  tokenize(text, tokens);
  const found: Word[] = [];
  for (let index = 0; index < tokens.length; index++) {
    if (tokens.parts[index] === 1) continue;
    const from = tokens.from[index] ?? 0;
    const to = tokens.to[index] ?? 0;
    found.push({ field, text: text.text(from, to), start: text.starts[from] ?? 0, end: text.starts[to] ?? 0 });
  }
  return found;
}
