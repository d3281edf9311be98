import { Parser } from "htmlparser2";

/** What is kept of a page's markup: what tells code from prose, and what a reader sees as its parts. */
const keptTags = "p pre code kbd a ul ol li blockquote h1 h2 h3 h4 strong em br hr".split(" ");

const synonyms: Readonly<Record<string, string>> = {
  b: "strong",
  i: "em",
  tt: "code",
  samp: "code",
  h5: "h4",
  h6: "h4",
};
const emptyTags = new Set(["br", "hr"]);
const dropped = new Set("head title script style noscript template iframe object svg math button select".split(" "));
/** Deeper than any page that people read: whoever walks the tree does so on the stack. */
const mostDepth = 200;
const breaking = new Set("div section article table tr".split(" "));

export type RichNode = string | RichElement;

interface RichElement {
  readonly tag: string;
  /** An http address, on a link only. */
  readonly href?: string;
  readonly children: readonly RichNode[];
}

interface Open {
  /** Absent for an element that leaves no trace but its content. */
  readonly tag: string | undefined;
  readonly name: string;
  readonly href?: string;
  readonly isCode: boolean;
  readonly children: RichNode[];
}

/**
 * Markup as a tree of what is kept of it. The browser's own parser would hold each style and handler in it to the page's
 * content security policy, and report what it forbids; this one only reads.
 */
export function readHtml(html: string): readonly RichNode[] {
  const reader = new Reader();
  const parser = new Parser({
    onopentag: (name, attributes) => reader.open(name, attributes),
    ontext: (text) => reader.text(text),
    onclosetag: () => reader.close(),
  });
  parser.end(html);
  return reader.root.children;
}

/** Whether somebody who reads the tree sees more than a plain text. */
export const hasMarkup = (nodes: readonly RichNode[]): boolean => nodes.some((node) => typeof node !== "string");

class Reader {
  readonly root: Open = { tag: undefined, name: "", isCode: false, children: [] };
  readonly #open: Open[] = [this.root];
  /** How deep in what is dropped with its content. */
  #droppedDepth = 0;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#droppedDepth > 0 || dropped.has(name)) this.#droppedDepth += 1;
    else {
      const element = opened(name, attributes, this.#parent());
      this.#open.push(this.#open.length < mostDepth ? element : { ...element, tag: undefined });
    }
  }

  text(text: string): void {
    if (this.#droppedDepth > 0) return;
    const { isCode, children } = this.#parent();
    // Outside of code, a browser shows a run of white space as one space.
    const shown = isCode ? text : text.replace(/[\s\u00a0]+/g, " ");
    if (shown !== "") children.push(shown);
  }

  close(): void {
    if (this.#droppedDepth > 0) {
      this.#droppedDepth -= 1;
      return;
    }
    const { tag, name, href, children } = this.#open.pop() ?? this.root;
    const { children: siblings, isCode } = this.#parent();
    if (tag === undefined)
      siblings.push(...children, ...(breaking.has(name) || (isCode && name === "br") ? ["\n"] : []));
    else if (children.length > 0 || emptyTags.has(tag)) siblings.push({ tag, children, ...(href && { href }) });
  }

  #parent(): Open {
    return this.#open.at(-1) ?? this.root;
  }
}

function opened(name: string, { style = "", href = "" }: Readonly<Record<string, string>>, parent: Open): Open {
  // Google Docs copies everything in a bold element that isn't bold.
  const isBox = name === "b" && /font-weight:\s*(normal|400)/i.test(style);
  const kept = isBox ? undefined : keptTags.includes(name) ? name : synonyms[name];
  // An editor's clipboard is one box in a fixed-width face: code, without saying so.
  const isEditorBox = name === "div" && !parent.isCode && /font-family:[^;]*(mono|consolas|menlo|courier)/i.test(style);
  const tag = isEditorBox ? "pre" : parent.isCode && name === "br" ? undefined : kept;
  const isCode = parent.isCode || tag === "pre";
  if (tag !== "a") return { tag, name, isCode, children: [] };
  return /^https?:\/\//i.test(href)
    ? { tag, name, href, isCode, children: [] }
    : { tag: undefined, name, isCode, children: [] };
}
