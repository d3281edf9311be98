import type { Question } from "./question.ts";

/** A question's tags, and the labels' confidences; those of all tags are among them. */
export interface Tagging {
  readonly tags: readonly string[];
  readonly predictions: readonly { readonly tag: string; readonly confidence: number }[];
}

/** What a model says of a row. */
export interface Answer {
  readonly tagging: Tagging;
  /** The version that said it, as NAME@VERSION. */
  readonly model: string;
}

/** Why a row has no tags. */
export interface RowFault {
  /** The first row below the header is 1. */
  readonly row: number;
  /** Absent where the fault is not a field's. */
  readonly field?: "title" | "body";
  readonly reason: string;
}

/** A row of a file, in the file's own format. */
export interface Row {
  /** The first row below the header is 1. */
  readonly number: number;
  /** Where it ends, in bytes from where reading began. */
  readonly end: number;
  readonly content: { readonly question: Question } | { readonly fault: RowFault };
  /** Nothing after it can be read. */
  readonly isLast?: boolean;
  /** The row as it was, with what is known now. */
  readonly print: (outcome: Outcome) => string;
}

export type Outcome = Answer | { readonly fault: RowFault };

/** A file that can't be read at all; the message tells its owner why. */
export class FileFault extends Error {
  override readonly name = "FileFault";
}

/** What stands in the columns that are added to a row. */
export interface Added {
  readonly suggested_tags: readonly string[];
  /** One a tag. */
  readonly confidences: readonly number[];
  readonly error: string;
  /** The version that answered, as NAME@VERSION; empty where none did. */
  readonly model: string;
}

export const addedColumns = ["suggested_tags", "confidences", "error", "model"] as const satisfies (keyof Added)[];

/** What an added column is called where the file has its name already; Athena and Spark tell none apart by capitals. */
export function freeName(name: string, taken: readonly string[]): string {
  const lower = new Set(taken.map((column) => column.toLowerCase()));
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!lower.has(candidate)) return candidate;
  }
}

export function addedTo(outcome: Outcome): Added {
  if ("fault" in outcome) return { suggested_tags: [], confidences: [], error: sentence(outcome.fault), model: "" };
  const { tagging, model } = outcome;
  const { tags, predictions } = tagging;
  const confidenceOf = new Map(predictions.map(({ tag, confidence }) => [tag, rounded(confidence)]));
  return { suggested_tags: tags, confidences: tags.map((tag) => confidenceOf.get(tag) ?? 0), error: "", model };
}

const sentence = ({ row, field, reason }: RowFault) => `Row ${row}${field ? `, ${field}` : ""}: ${reason}`;

const rounded = (confidence: number) => Number(confidence.toFixed(4));
