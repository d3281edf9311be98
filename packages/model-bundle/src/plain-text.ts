const element = /<\/?([a-z][a-z0-9]*)(?:\s[^<>]*)?\/?>/gi;
/** Elements of a question's body; `List<String>` and `a < b` in a plain text stay as they are. */
const elements = new Set(
  (
    "a b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre s samp span strike strong sub " +
    "sup table tbody td th thead tr u ul"
  ).split(" "),
);
const reference = /&(#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos|nbsp);/gi;
const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/**
 * A body as a text model reads it: tags taken out, character references decoded, everything else as written (case,
 * accents, line ends, code). A plain text without either comes out unchanged. Linear in its length.
 */
export function plainText(body: string): string {
  return body
    .replace(element, (tag, name: string) => (elements.has(name.toLowerCase()) ? "" : tag))
    .replace(reference, (whole, name: string) => decode(name.toLowerCase()) ?? whole);
}

function decode(name: string): string | undefined {
  if (!name.startsWith("#")) return named[name];
  const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
