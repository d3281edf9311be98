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
const blocks: ReadonlySet<string> = new Set(["p", "li", "blockquote", "h1", "h2", "h3", "h4"]);

/** Somebody's markup as React elements: only what `readHtml` kept, and links are plain text. */
export function RichText({ nodes }: { nodes: readonly RichNode[] }): ReactNode {
  return nodes.map((node, index) => {
    if (typeof node === "string") return <Fragment key={index}>{node}</Fragment>;
    const { tag, children } = node;
    // This page's outline and links don't include the question's.
    const name = /^h\d$/.test(tag) ? "strong" : tag === "a" ? "span" : tag;
    const inner = children.length > 0 ? <RichText nodes={children} /> : undefined;
    return createElement(name, { key: index, dir: blocks.has(tag) ? "auto" : undefined, className: looks[tag] }, inner);
  });
}
