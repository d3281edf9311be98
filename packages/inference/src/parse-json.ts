import { ServiceError } from "./errors.ts";
import { limits } from "./limits.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const BRACKET = 91;
const BRACE = 123;

/** Throws `ServiceError` invalid_json, too_deep, too_large. */
export function parseJson(text: string): unknown {
  // A shorter text can't have as many.
  if (text.length > limits.jsonParts && hasMorePartsThan(limits.jsonParts, text)) {
    const message = `The request's JSON has more than ${limits.jsonParts} objects, lists and strings, the limit here.`;
    throw new ServiceError("too_large", message);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ServiceError("invalid_json", "The request's body is not JSON.", { cause });
  }
  if (!isDeeperThan(limits.jsonDepth, value)) return value;
  throw new ServiceError(
    "too_deep",
    `The request's JSON is nested more than ${limits.jsonDepth} deep, the limit here.`,
  );
}

/** Whether a JSON text has more objects, lists and strings: millions of small ones would hold up everybody while they are parsed. */
function hasMorePartsThan(most: number, text: string): boolean {
  let parts = 0;
  for (let at = 0; at < text.length && parts <= most; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = closingQuote(text, at);
    if (code === QUOTE || code === BRACKET || code === BRACE) parts++;
  }
  return parts > most;
}

/** Where a string that begins at `start` ends, or the text does. */
function closingQuote(text: string, start: number): number {
  let at = start;
  do at = text.indexOf('"', at + 1);
  while (at >= 0 && isEscaped(text, at));
  return at < 0 ? text.length : at;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value); // a list may be of millions
  return depth === 0 || parts.some((inner) => isDeeperThan(depth - 1, inner));
}
