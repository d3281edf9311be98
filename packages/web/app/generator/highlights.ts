import type { Explanation } from "../../server/inference.ts";

export type WordEffect = Explanation["explanations"][number]["words"][number];

/** A stretch of a text, and by how much the tag's probability falls without it where that is known. */
interface Stretch {
  readonly text: string;
  readonly drop?: number;
}

/** A field's text cut at the words that speak for a tag. Words that speak against it are left unmarked. */
export function stretches(text: string, field: "title" | "body", words: readonly WordEffect[]): readonly Stretch[] {
  const marks = words
    .filter(({ drop }) => drop > 0)
    .flatMap(({ drop, spans }) => spans.filter((span) => span.field === field).map((span) => ({ ...span, drop })))
    .sort((one, other) => one.start - other.start);
  const found: Stretch[] = [];
  let from = 0;
  for (const { start, end, drop } of marks) {
    if (start < from) continue;
    if (start > from) found.push({ text: text.slice(from, start) });
    found.push({ text: text.slice(start, end), drop });
    from = end;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}
