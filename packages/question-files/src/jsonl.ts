import { contentOf, fieldOf } from "./content.ts";
import { limits } from "./limits.ts";
import { addedTo, freeName, type Outcome, type Row } from "./row.ts";
import type { OpenFile } from "./open.ts";
import { notUtf8, type TextBytes } from "./text.ts";

const lf = 0x0a;

export function openJsonl(bytes: TextBytes, row: number): OpenFile {
  return { format: { kind: "jsonl" }, header: "", rows: rowsOf(bytes, row) };
}

async function* rowsOf(bytes: TextBytes, row: number): AsyncGenerator<Row, void, undefined> {
  let number = row;
  let end = 0;
  for await (const line of linesOf(bytes)) {
    end += line.length;
    if (line.length > limits.rowBytes) {
      const reason = `This line is longer than ${limits.rowBytes} bytes. What follows can’t be read.`;
      const fault = { row: number + 1, reason };
      yield { number: number + 1, end: bytes.length, content: { fault }, isLast: true, print: beside({}) };
      return;
    }
    if (bytes.mayGoOn(end)) return;
    const text = line
      .toString("utf8")
      .replace(/^\ufeff/, "")
      .trim();
    if (text === "") continue;
    number += 1;
    yield bytes.isDamaged(text, end) ? rowOfText(text, { number, end }, notUtf8) : rowOf(text, { number, end });
  }
}

/** Each with its end; one that is too long is cut there and is the last. */
async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let begun: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    let from = 0;
    for (let at = chunk.indexOf(lf); at >= 0; at = chunk.indexOf(lf, from)) {
      yield Buffer.concat([...begun, chunk.subarray(from, at + 1)]);
      begun = [];
      length = 0;
      from = at + 1;
    }
    begun.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > limits.rowBytes) break;
  }
  if (length > 0) yield Buffer.concat(begun);
}

type Place = Pick<Row, "number" | "end">;

function rowOf(text: string, place: Place): Row {
  const value = parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return rowOfText(text, place, "This line is not a JSON object.");
  }
  const content = contentOf(place.number, { title: fieldOf(value, "title"), body: fieldOf(value, "body") });
  return { ...place, content, print: within(text, Object.keys(value)) };
}

/** A line that is no row of ours stays whole. */
function rowOfText(text: string, place: Place, reason: string): Row {
  return { ...place, content: { fault: { row: place.number, reason } }, print: beside({ line: text }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object's own text with more in it: parsed and written again, its numbers could be others. */
function within(text: string, keys: readonly string[]) {
  return (outcome: Outcome): string => {
    const more = JSON.stringify(newKeys(outcome, keys)).slice(1);
    return `${text.slice(0, -1)}${keys.length > 0 ? "," : ""}${more}\n`;
  };
}

const beside = (kept: object) => (outcome: Outcome) => `${JSON.stringify({ ...kept, ...addedTo(outcome) })}\n`;

/** A row that has such a key already keeps it. */
function newKeys(outcome: Outcome, taken: readonly string[]): object {
  return Object.fromEntries(Object.entries(addedTo(outcome)).map(([name, value]) => [freeName(name, taken), value]));
}
