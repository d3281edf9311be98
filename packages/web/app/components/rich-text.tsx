import { createElement, Fragment, type ReactNode } from "react";
import type { RichNode } from "../generator/rich-text.ts";

const looks: Readonly<Record<string, string>> = {
  pre: "my-3 rounded-control bg-plate p-3 font-mono text-sm whitespace-pre-wrap wrap-anywhere",
  code: "font-mono text-[0.9em]",
  kbd: "font-mono text-[0.9em]",
  p: "my-2",
  ul: "my-2 list-disc pl-6",
  ol: "my-2 list-decimal pl-6",
  blockquote: "my-2 border-l-4 border-line pl-4 text-muted",
  a: "underline",
};

/** Each of them runs in the direction of its own text. */
const blocks: ReadonlySet<string> = new Set(["p", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"]);

/** Somebody's markup as elements of ours: only what `readHtml` kept of it, and a link leads nowhere from here. */
export function RichText({ nodes }: { nodes: readonly RichNode[] }): ReactNode {
  return nodes.map((node, index) => {
    if (typeof node === "string") return <Fragment key={index}>{node}</Fragment>;
    const { tag, children } = node;
    // A heading or a link of the question's is none of this page's.
    const name = /^h\d$/.test(tag) ? "strong" : tag === "a" ? "span" : tag;
    const inner = children.length > 0 ? <RichText nodes={children} /> : undefined;
    return createElement(name, { key: index, dir: blocks.has(tag) ? "auto" : undefined, className: looks[tag] }, inner);
  });
}
