import { entityAt } from "./entities.ts";
import { type TextBuffer } from "./text-buffer.ts";

/** What is read of a body's prose and of its code: a longer one costs no more, and its end says little of its topic. */
const LIMIT = 6000;

const LESS_THAN = 60;
const AMPERSAND = 38;
const BACKTICK = 96;
const NEWLINE = 10;
const SLASH = 47;
const special = new Uint8Array(0x80);
for (const code of [LESS_THAN, AMPERSAND, BACKTICK, NEWLINE]) special[code] = 1;

const codeTags = new Set(["pre", "code"]);
/** What Stack Exchange lets through, and what pasted pages add; `List<String>` in a plain text stays text. */
const tags = new Set(
  (
    "a b big blockquote body br center cite code dd del details div dl dt em figure font footer h1 h2 h3 h4 h5 h6 head " +
    "header hr html i iframe img input ins kbd li link main meta nav ol p pre s samp script section small span strike " +
    "strong style sub summary sup table tbody td tfoot th thead title tr tt u ul var"
  ).split(" "),
);

/**
 * Reads HTML, Markdown or plain text in one pass. `<pre>`, `<code>` and backticks go to code, the rest to prose; the host
 * of a link is read as prose. Never throws, and never looks at a character more than a few times.
 */
export function readBody(source: string, prose: TextBuffer, code: TextBuffer): void {
  new BodyReader(source, prose, code).read();
}

class BodyReader {
  private index = 0;
  private depth = 0;
  private fenced = false;
  private quoted = false;
  private nextGreaterThan = -1;
  private readonly source: string;
  private readonly prose: TextBuffer;
  private readonly code: TextBuffer;

  constructor(source: string, prose: TextBuffer, code: TextBuffer) {
    this.source = source;
    this.prose = prose;
    this.code = code;
  }

  read(): void {
    const { source, prose, code } = this;
    while (this.index < source.length && (prose.length < LIMIT || code.length < LIMIT)) {
      this.readPlain();
      if (this.index === source.length) break; // behind the end is NaN: looked up once in fold's table, V8 looks all up slowly
      const unit = source.charCodeAt(this.index);
      if (unit === LESS_THAN && this.readTag()) continue;
      if (unit === AMPERSAND && this.readEntity()) continue;
      if (unit === BACKTICK && this.depth === 0) {
        this.readBackticks();
        continue;
      }
      if (unit === NEWLINE) this.quoted = false;
      this.push(this.index, this.index + 1);
      this.index += 1;
    }
    prose.close();
    code.close();
  }

  /** Takes all that means itself, in one go: most of any text. */
  private readPlain(): void {
    const { source, index } = this;
    const text = this.field();
    const room = Math.max(0, LIMIT - text.length);
    let end = text.pushUntil(source, { from: index, to: Math.min(source.length, index + room) }, special);
    if (end === index + room) while (end < source.length && !isSpecial(source.charCodeAt(end))) end += 1;
    this.index = end;
  }

  private push(from: number, to: number): void {
    const text = this.field();
    const room = LIMIT - text.length;
    if (room > 0) text.pushRange(this.source, from, Math.min(to, from + room));
  }

  /** Where text goes at this point. */
  private field(): TextBuffer {
    return this.depth > 0 || this.fenced || this.quoted ? this.code : this.prose;
  }

  private closeWords(): void {
    this.prose.close();
    this.code.close();
  }

  private readEntity(): boolean {
    const entity = entityAt(this.source, this.index);
    if (entity === undefined) return false;
    const text = this.field();
    if (text.length < LIMIT) text.push(entity.code, this.index, entity.end);
    this.index = entity.end;
    return true;
  }

  /** Three backticks open or close a fence; fewer quote code up to the line's end at the latest. */
  private readBackticks(): void {
    const start = this.index;
    this.closeWords();
    while (this.source.charCodeAt(this.index) === BACKTICK) this.index += 1;
    if (this.index - start >= 3) this.fenced = !this.fenced;
    else if (!this.fenced) this.quoted = !this.quoted;
  }

  private readTag(): boolean {
    const { source, index } = this;
    const closing = source.charCodeAt(index + 1) === SLASH;
    const from = index + (closing ? 2 : 1);
    if (this.greaterThanAfter(from) < 0) return false;
    let to = from;
    while (to - from < 12 && isAlphanumeric(source.charCodeAt(to))) to += 1;
    const written = source.slice(from, to);
    const name = tags.has(written) ? written : written.toLowerCase();
    if (!tags.has(name)) return false;
    const end = this.greaterThanAfter(to);
    this.closeWords();
    if (name === "a" && !closing) this.readLink(to, end);
    if (codeTags.has(name)) this.depth = Math.max(0, this.depth + (closing ? -1 : 1));
    this.index = end + 1;
    return true;
  }

  /** The next `>`, remembered between calls so that many unclosed tags stay linear; -1 when there is none. */
  private greaterThanAfter(from: number): number {
    if (this.nextGreaterThan < from && this.nextGreaterThan !== Number.NEGATIVE_INFINITY) {
      const found = this.source.indexOf(">", from);
      this.nextGreaterThan = found < 0 ? Number.NEGATIVE_INFINITY : found;
    }
    return this.nextGreaterThan;
  }

  private readLink(from: number, to: number): void {
    const host = /href\s*=\s*(?:["']\s*)?(?:https?:)?\/\/(?:www\.)?([^/"'?#\s>]+)/i.exec(
      this.source.slice(from, Math.min(to, from + 300)),
    );
    if (!host?.[1]) return;
    const start = from + host.index + host[0].length - host[1].length;
    const end = start + host[1].length;
    if (this.prose.length < LIMIT) this.prose.pushRange(this.source, start, end);
    this.prose.close();
  }
}

function isSpecial(code: number): boolean {
  return code < 0x80 && special[code] === 1;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
