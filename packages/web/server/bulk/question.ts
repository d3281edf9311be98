import type { RowFault } from "../../app/bulk.ts";
import { checkQuestion } from "../../app/question.server.ts";
import type { Row } from "./row.ts";

/** A row's question, or what keeps it from being asked. */
export function contentOf(row: number, { title, body }: { title: unknown; body: unknown }): Row["content"] {
  const fault = (reason: string, field?: RowFault["field"]) => ({ fault: { row, reason, ...(field && { field }) } });
  if (title === undefined) return fault("There is none.", "title");
  if (typeof title !== "string") return fault("This is not text.", "title");
  if (typeof (body ?? "") !== "string") return fault("This is not text.", "body");
  const question = checkQuestion({ title, body: (body ?? "") as string });
  if (question.ok) return { question: question.value };
  const { title: ofTitle, body: ofBody } = question.failure.kind === "invalid" ? question.failure.fields : {};
  return ofTitle === undefined ? fault(ofBody ?? "It can't be asked.", "body") : fault(ofTitle, "title");
}
