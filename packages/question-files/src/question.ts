import { limits } from "./limits.ts";

export interface Question {
  readonly title: string;
  readonly body: string;
}

/** What a form's fields, or a row's, ask: all put it the same way, so an answer belongs to what is seen. */
export const toQuestion = ({ title, body }: Question): Question => ({ title: title.trim(), body });

type Errors = Readonly<Partial<Record<keyof Question, string>>>;

/** What keeps a form or a row from being asked, by field; without a key where nothing does. */
export function questionErrors(values: Question): Errors {
  const { title, body } = toQuestion(values);
  return {
    ...(title === "" && { title: "Give your question a title." }),
    ...tooLong("title", title, limits.titleCharacters),
    ...tooLong("body", body, limits.bodyCharacters),
  };
}

function tooLong(field: keyof Question, text: string, most: number): Errors {
  if (text.length <= most) return {};
  return { [field]: `This is ${grouped(text.length)} characters long; at most ${grouped(most)} can be read.` };
}

export const grouped = (count: number): string => count.toLocaleString("en");

/** So many of what the noun says, which has a regular plural. */
export const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
