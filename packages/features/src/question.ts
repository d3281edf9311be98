import { readBody } from "./body.ts";
import { entityAt } from "./entities.ts";
import { TextBuffer } from "./text-buffer.ts";

/** A question as its writer gave it; the body is HTML, Markdown or plain text and may be empty. */
export interface Question {
  readonly title: string;
  readonly body: string;
}

/** A question's folded texts; the starts of `body` and `code` are both indices into the raw body. */
export type Fields = Readonly<Record<"title" | "body" | "code", TextBuffer>>;

const TITLE_LIMIT = 1000;
// eslint-disable-next-line regexp/no-super-linear-move -- it reads 40 characters at most
const moderation = /\s*\[(?:closed|duplicate|on hold|migrated|locked|solved)\]\s*$/i;

export function emptyFields(): Fields {
  return { title: new TextBuffer(), body: new TextBuffer(), code: new TextBuffer() };
}

/** Tells title, prose and code apart. Pass `into` to reuse its buffers; it is overwritten. Never throws. */
export function readFields(question: Question, into: Fields = emptyFields()): Fields {
  into.title.reset();
  into.body.reset();
  into.code.reset();
  readTitle(question.title, into.title);
  readBody(question.body, into.body, into.code);
  return into;
}

/** Leaves out what moderators append ("[closed]"): it says nothing of the topic. */
function readTitle(title: string, text: TextBuffer): void {
  const tail = Math.max(0, title.length - 40);
  const mark = moderation.exec(title.slice(tail));
  const end = Math.min(mark ? tail + mark.index : title.length, TITLE_LIMIT);
  let index = 0;
  while (index < end) {
    const unit = title.charCodeAt(index);
    const entity = unit === 38 ? entityAt(title, index) : undefined;
    const next = entity?.end ?? index + 1;
    text.push(entity?.code ?? unit, index, next);
    index = next;
  }
  text.close();
}
