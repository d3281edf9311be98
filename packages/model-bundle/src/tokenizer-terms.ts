/** A part of a `tokenizer.json`. */
interface Part {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** `char::is_ascii_punctuation` and the category P, as Rust's tokenizers take them together. */
const PUNCTUATION = String.raw`\p{P}!-\/:-@\[-\`{-~`;
/** Rust's \w, which joiners within words belong to. */
const WORD = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d`;

const translations = new Map<string, (part: Part) => Part>([
  ["normalizer", normalizer],
  ["pre_tokenizer", preTokenizer],
  ["post_processor", postProcessor],
]);

/**
 * The same tokenizer in terms that the JavaScript library reads as Hugging Face's own does. Others it reads in its own way:
 * Whitespace knows ASCII words alone, Punctuation always keeps runs together, RobertaProcessing numbers a second text.
 * @throws {Error} for what can't be said so
 */
export function inSoundTerms(tokenizer: object): object {
  const parts = Object.entries(tokenizer).map(([name, part]: [string, unknown]) => {
    const translate = translations.get(name);
    return [name, translate ? translated(part, translate) : part] as const;
  });
  return Object.fromEntries(parts);
}

function translated(part: unknown, translate: (part: Part) => Part): unknown {
  if (!isPart(part)) return part;
  if (part.type !== "Sequence") return translate(part);
  const fields = Object.entries(part).map(([name, value]) => {
    return [name, Array.isArray(value) ? value.map((inner) => translated(inner, translate)) : value] as const;
  });
  return Object.fromEntries(fields);
}

const isPart = (value: unknown): value is Part =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** JavaScript writes a Σ that ends a word as ς, and trims U+FEFF, which is no blank, but not U+0085, which is one. */
function normalizer(part: Part): Part {
  if (part.type === "Strip") return strip(part);
  if (part.type === "Nmt") return replacing(nmt);
  if (part.type !== "Lowercase" && !(part.type === "BertNormalizer" && part["lowercase"])) return part;
  const sigma = { type: "Replace", pattern: { String: "Σ" }, content: "σ" };
  return { type: "Sequence", normalizers: [sigma, part] };
}

function strip({ strip_left: left, strip_right: right }: Part): Part {
  const blanks = [...(left ? [String.raw`\A\s+`] : []), ...(right ? [String.raw`(?<!\s)\s+\z`] : [])];
  return replacing(blanks.map((regex) => [regex, ""]));
}

/** Control characters go, and what else parts words becomes a blank; of this one, the library knows nothing. */
const nmt = [
  [String.raw`[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]`, ""],
  [String.raw`[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]`, " "],
] as const;

function replacing(pairs: readonly (readonly [regex: string, content: string])[]): Part {
  const normalizers = pairs.map(([Regex, content]) => ({ type: "Replace", pattern: { Regex }, content }));
  return { type: "Sequence", normalizers };
}

function preTokenizer(part: Part): Part {
  switch (part.type) {
    case "Whitespace":
      return pieces(String.raw`[${WORD}]+|[^${WORD}\s]+`);
    case "WhitespaceSplit":
      return pieces(String.raw`\S+`);
    case "BertPreTokenizer":
      return pieces(String.raw`[^\s${PUNCTUATION}]+|[${PUNCTUATION}]`);
    case "Punctuation":
      return cut(`[${PUNCTUATION}]`, part["behavior"] ?? "Isolated");
    case "Digits":
      return cut(String.raw`\p{N}`, part["individual_digits"] ? "Isolated" : "Contiguous");
    case "CharDelimiterSplit":
      return cut(literal(String(part["delimiter"])), "Removed");
    case "Metaspace": {
      if (part["split"] === false) return part;
      const before = cut(literal((part["replacement"] as string | undefined) ?? "▁"), "MergedWithNext");
      return { type: "Sequence", pretokenizers: [part, before] };
    }
    case "Split":
      return split(part);
    default:
      return part;
  }
}

/** Of a match that has no fixed length, what lies just before or behind it can't be told. */
function split(part: Part): Part {
  const { pattern, behavior, invert } = part;
  const { String: text, Regex: regex } = pattern as { String?: string; Regex?: string };
  const isMerged = behavior === "MergedWithPrevious" || behavior === "MergedWithNext";
  if (isMerged && (text === undefined || invert)) throw unknown(part);
  const expression = text === undefined ? String(regex) : literal(text);
  return behavior === "Removed" && invert ? pieces(expression) : cut(expression, behavior);
}

const unknown = (part: unknown) => new Error(`Unknown Split: ${JSON.stringify(part)}`);

/** Keeps what matches. */
const pieces = (regex: string): Part => ({
  type: "Split",
  pattern: { Regex: regex },
  behavior: "Removed",
  invert: true,
});

/** Cuts a text where something matches; all that the library knows of it is to take it out or to keep it by itself. */
function cut(regex: string, behavior: unknown): Part {
  const by = (expression: string, known: string): Part => ({
    type: "Split",
    pattern: { Regex: expression },
    behavior: known,
    invert: false,
  });
  switch (behavior) {
    case "Contiguous":
      return by(`(?:${regex})+`, "Isolated");
    case "MergedWithPrevious":
      return by(`(?<=${regex})`, "Removed");
    case "MergedWithNext":
      return by(`(?=${regex})`, "Removed");
    case "Removed":
    case "Isolated":
      return by(regex, behavior);
    default:
      throw unknown({ behavior });
  }
}

const literal = (text: string): string =>
  Array.from(text, (character) => String.raw`\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join("");

/** Both texts are of type 0 to Hugging Face's. */
function postProcessor(part: Part): Part {
  if (part.type !== "RobertaProcessing") return part;
  const [before, after] = [part["cls"], part["sep"]].map((token) => ({
    SpecialToken: { id: (token as unknown[])[0], type_id: 0 },
  }));
  const [first, second] = ["A", "B"].map((id) => ({ Sequence: { id, type_id: 0 } }));
  const single = [before, first, after];
  return { type: "TemplateProcessing", single, pair: [...single, after, second, after] };
}
