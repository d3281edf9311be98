import type { FieldErrors } from "./failure.ts";
import { limits } from "./limits.ts";

export interface Question {
  readonly title: string;
  readonly body: string;
}

export const noQuestion: Question = { title: "", body: "" };

/** What a form's fields ask: the server and the page put it the same way, so an answer belongs to what is seen. */
export const toQuestion = ({ title, body }: Question): Question => ({ title: title.trim(), body });

export const isSameQuestion = (one: Question, other: Question): boolean =>
  one.title === other.title && one.body === other.body;

/** What keeps a form from being asked, by field; without a key where nothing does. */
export function questionErrors(values: Question): FieldErrors {
  const { title, body } = toQuestion(values);
  return {
    ...(title === "" && { title: "Give your question a title." }),
    ...tooLong("title", title, limits.titleCharacters),
    ...tooLong("body", body, limits.bodyCharacters),
  };
}

function tooLong(field: keyof Question, text: string, most: number): FieldErrors {
  if (text.length <= most) return {};
  return { [field]: `This is ${grouped(text.length)} characters long; at most ${grouped(most)} can be read.` };
}

export const grouped = (count: number): string => count.toLocaleString("en");
