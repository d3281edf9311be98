import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { readForm } from "../form.server.ts";
import { isTheme } from "../theme.ts";
import { themeCookie } from "../theme.server.ts";

/** Keeps the chosen theme. A form without JavaScript names the page to go back to; a script stays where it is. */
export async function action({ request }: ActionFunctionArgs) {
  const form = await readForm(request);
  const theme = form.get("theme");
  if (!isTheme(theme)) return Response.json({ detail: "theme: Choose light, dark or system." }, { status: 422 });
  const headers = { "Set-Cookie": await themeCookie(theme, request) };
  const page = form.get("page");
  return typeof page === "string" ? redirect(ownPath(page), { headers }) : new Response(null, { status: 204, headers });
}

/** Nobody is sent to another site, whatever a form says: "/.//elsewhere.example" has a path that begins with two slashes. */
function ownPath(page: string): string {
  const here = "http://here.invalid";
  const url = URL.canParse(page, here) ? new URL(page, here) : new URL(here);
  return url.origin === here ? url.pathname.replace(/^\/+/, "/") + url.search : "/";
}
