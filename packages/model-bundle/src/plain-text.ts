const element = /<\/?([a-z][a-z0-9]*)(?:\s[^<>]*)?\/?>/gi;
/** Elements of a question's body; `List<String>` and `a < b` in a plain text stay as they are. */
const inline = new Set("a b code del em i img kbd s samp span strike strong sub sup u".split(" "));
/** These stand on lines of their own. */
const blocks = new Set(
  "blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td th thead tr ul".split(" "),
);
const reference = /&(#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos|nbsp);/gi;
const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/**
 * A body as a text model reads it: tags taken out (a block's leave a line feed where words would join), character references
 * decoded, everything else as written (case, accents, line ends, code). A plain text without either comes out unchanged.
 * Linear in its length.
 */
export function plainText(body: string): string {
  return body
    .replace(element, (tag: string, name: string, start: number) => {
      if (inline.has(name.toLowerCase())) return "";
      if (!blocks.has(name.toLowerCase())) return tag;
      const joins = /\S/.test(body.charAt(start - 1)) && /\S/.test(body.charAt(start + tag.length));
      return joins ? "\n" : "";
    })
    .replace(reference, (whole, name: string) => decode(name.toLowerCase()) ?? whole);
}

function decode(name: string): string | undefined {
  if (!name.startsWith("#")) return named[name];
  const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
