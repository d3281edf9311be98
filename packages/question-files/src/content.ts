import { questionErrors, toQuestion } from "./question.ts";
import type { Row, RowFault } from "./row.ts";

/** A row's question, or what keeps it from being asked. */
export function contentOf(row: number, { title, body }: { title: unknown; body: unknown }): Row["content"] {
  const fault = (field: NonNullable<RowFault["field"]>, reason: string) => ({ fault: { row, field, reason } });
  if (title === undefined) return fault("title", "There is none.");
  if (typeof title !== "string") return fault("title", "This is not text.");
  if (typeof (body ?? "") !== "string") return fault("body", "This is not text.");
  const question = toQuestion({ title, body: (body ?? "") as string });
  const errors = questionErrors(question);
  if (errors.title !== undefined) return fault("title", errors.title);
  if (errors.body !== undefined) return fault("body", errors.body);
  return { question };
}

/** Whether a column, or a key, is that field: in capitals, too, as Stack Exchange's own exports spell them. */
export const isNamed = (name: "title" | "body") => (column: string) => column.toLowerCase() === name;

/** A record's field; one that is spelt as we do comes first. */
export function fieldOf(record: object, name: "title" | "body"): unknown {
  const key = Object.hasOwn(record, name) ? name : Object.keys(record).find(isNamed(name));
  return key === undefined ? undefined : (Reflect.get(record, key) as unknown);
}
