import { readFields, type Question } from "@tagsmith/features/question";
import type { TextField } from "./manifest-input.ts";
import { plainText } from "./plain-text.ts";

const readers: Readonly<Record<TextField, (question: Question) => string>> = {
  title: ({ title }) => title,
  body: ({ body }) => plainText(body),
  prose: (question) => bodyText(question, "body"),
  code: (question) => bodyText(question, "code"),
};

/** A question as a model reads it that was trained on texts. What is empty brings no separator. */
export function questionText(question: Question, fields: readonly TextField[], separator = "\n"): string {
  const texts = fields.map((field) => readers[field](question));
  return texts.filter((text) => text !== "").join(separator);
}

/** One half of the body, as the features read it: folded, at most 6,000 characters. */
function bodyText(question: Question, half: "body" | "code"): string {
  const text = readFields(question)[half];
  return text.text(0, text.length).trim();
}
