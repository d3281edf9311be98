import type { ActionFunctionArgs } from "@remix-run/node";
import { readSubmission } from "../question.server.ts";
import { respond } from "../respond.server.ts";

/** The tags of a question that is still being typed; a form without scripts gets the whole page instead. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { question } = await readSubmission(request);
  return respond(question.ok ? await context.inference.predict(question.value, request.signal) : question);
}
