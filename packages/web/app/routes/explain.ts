import type { ActionFunctionArgs } from "@remix-run/node";
import { readSubmission } from "../question.server.ts";
import { respond } from "../respond.server.ts";

/** The words of a question that speak for the tag which the form names. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { question, fields } = await readSubmission(request);
  if (!question.ok) return respond(question);
  return respond(await context.inference.explain({ ...question.value, tag: fields?.explain ?? "" }, request.signal));
}
