/** What is kept of a page's markup: what tells code from prose, and what a reader sees as its parts. */
const keptTags = [
  "p",
  "pre",
  "code",
  "kbd",
  "a",
  "ul",
  "ol",
  "li",
  "blockquote",
  "h1",
  "h2",
  "h3",
  "h4",
  "strong",
  "em",
  "br",
  "hr",
] as const;

export type RichTag = (typeof keptTags)[number];

export type RichNode = string | RichElement;

export interface RichElement {
  readonly tag: RichTag;
  /** An http address, on a link only. */
  readonly href?: string;
  readonly children: readonly RichNode[];
}

const synonyms: Readonly<Record<string, RichTag>> = {
  b: "strong",
  i: "em",
  tt: "code",
  samp: "code",
  h5: "h4",
  h6: "h4",
};
const blocks = new Set<string>(["p", "pre", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "hr"]);
const dropped = new Set(
  "script style noscript template iframe object embed svg math head title button select".split(" "),
);

/** Markup as a tree of what is kept of it. A script in it never runs: the browser parses it into no page. */
export function readHtml(html: string): readonly RichNode[] {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  return childrenOf(body, false);
}

/** Whether somebody who reads the tree sees more than a plain text. */
export const hasMarkup = (nodes: readonly RichNode[]): boolean => nodes.some((node) => typeof node !== "string");

/** The tree as the HTML that the form takes: a block a line, so that it can be read in a field of plain text. */
export function toHtml(nodes: readonly RichNode[]): string {
  return nodes
    .map(htmlOf)
    .join("")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function childrenOf(parent: Node, isCode: boolean): RichNode[] {
  return [...parent.childNodes].flatMap((node) => {
    if (node.nodeType === Node.TEXT_NODE) return textOf(node.textContent ?? "", isCode);
    return node instanceof Element ? elementOf(node, isCode) : [];
  });
}

/** Outside of code, a browser shows a run of white space as one space. */
function textOf(text: string, isCode: boolean): string[] {
  const shown = isCode ? text : text.replace(/[\s\u00a0]+/g, " ");
  return shown === "" ? [] : [shown];
}

function elementOf(element: Element, isCode: boolean): RichNode[] {
  const name = element.localName;
  if (dropped.has(name)) return [];
  const tag = keptTags.find((kept) => kept === name) ?? synonyms[name];
  const children = childrenOf(element, isCode || tag === "pre");
  // An editor's clipboard is one box in a fixed-width face: code, without saying so.
  if (tag === undefined && !isCode && isEditorBox(element)) return [{ tag: "pre", children: codeOf(element) }];
  if (tag === undefined) return isBreakingBox(element) ? ["\n", ...children, "\n"] : children;
  if (tag === "a") return linkOf(element, children);
  if (children.length === 0 && tag !== "br" && tag !== "hr") return [];
  return [{ tag, children }];
}

function linkOf(element: Element, children: RichNode[]): RichNode[] {
  const href = element.getAttribute("href") ?? "";
  return /^https?:\/\//i.test(href) ? [{ tag: "a", href, children }] : children;
}

const isEditorBox = (element: Element) =>
  /font-family:[^;]*(mono|consolas|menlo|courier)/i.test(element.getAttribute("style") ?? "");

const isBreakingBox = ({ localName }: Element) => ["div", "section", "article", "tr", "table"].includes(localName);

/** An editor wraps each line in a box of its own. */
function codeOf(element: Element): string[] {
  const lines = [...element.children].filter(({ localName }) => localName === "div" || localName === "br");
  return [lines.length > 0 ? lines.map(({ textContent }) => textContent).join("\n") : element.textContent];
}

function htmlOf(node: RichNode): string {
  if (typeof node === "string") return escaped(node);
  const { tag, href, children } = node;
  if (tag === "br" || tag === "hr") return `<${tag}>\n`;
  const inner = children.map(htmlOf).join("");
  const opened = `<${tag}${href === undefined ? "" : ` href="${escaped(href)}"`}>`;
  return blocks.has(tag)
    ? `\n${opened}${tag === "pre" ? inner : inner.trim()}</${tag}>\n`
    : `${opened}${inner}</${tag}>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
