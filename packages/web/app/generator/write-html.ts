import type { RichNode } from "./rich-text.ts";

const blocks = new Set("p pre ul ol li blockquote h1 h2 h3 h4 hr".split(" "));

/** A tree as the HTML that the form takes: a block a line, so that it can be read in a field of plain text. */
export function writeHtml(nodes: readonly RichNode[]): string {
  return (
    nodes
      .map(htmlOf)
      .join("")
      // eslint-disable-next-line regexp/no-super-linear-move -- it reads what its visitor has pasted
      .replace(/\n\s*\n(?=<)/g, "\n")
      .trim()
  );
}

function htmlOf(node: RichNode): string {
  if (typeof node === "string") return escaped(node);
  const { tag, href, children } = node;
  if (tag === "br" || tag === "hr") return `<${tag}>\n`;
  const inner = children.map(htmlOf).join("");
  const start = `<${tag}${href === undefined ? "" : ` href="${escaped(href)}"`}>`;
  if (!blocks.has(tag)) return `${start}${inner}</${tag}>`;
  if (inner.trim() === "") return "\n";
  return `\n${start}${tag === "pre" ? inner.trimEnd() : inner.trim()}</${tag}>\n`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
