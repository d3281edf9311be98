import { redirect, type ActionFunctionArgs } from "@remix-run/node";

/** Signs this browser out. Another browser stays signed in until the password is hashed anew. */
export async function action({ request, context }: ActionFunctionArgs) {
  const sessions = await context.dashboard.sessions();
  const headers = sessions ? { "Set-Cookie": await sessions.end(request) } : {};
  return redirect("/dashboard/sign-in", { headers });
}
