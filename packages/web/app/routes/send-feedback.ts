import type { ActionFunctionArgs } from "@remix-run/node";
import { takeFeedback } from "../feedback.server.ts";

/** What came of the form, for the page's script: the page stays, with what was filled in. */
export async function action(asked: ActionFunctionArgs) {
  const { outcome, init } = await takeFeedback(asked);
  return Response.json(outcome, init);
}
