import type { Question } from "../question.ts";

/** What stands in the form's fields, which may be more than React has been told of. */
export function fieldsOf(form: HTMLFormElement | null): Question {
  return { title: fieldOf(form, "title")?.value ?? "", body: fieldOf(form, "body")?.value ?? "" };
}

export function fieldOf(form: HTMLFormElement | null, name: keyof Question) {
  const field = form?.elements.namedItem(name);
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field : undefined;
}
