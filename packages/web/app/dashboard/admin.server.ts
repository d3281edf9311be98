import { redirect, type LoaderFunctionArgs } from "@remix-run/node";
import type { Admin } from "../../server/dashboard/session.ts";

type Asked = Pick<LoaderFunctionArgs, "request" | "context">;

/** Whoever is signed in; undefined for everybody else, and for everybody while the dashboard is off. */
export async function findAdmin({ request, context }: Asked): Promise<Admin | undefined> {
  const sessions = await context.dashboard.sessions();
  return sessions?.read(request);
}

/** The same for a page: whoever isn't signed in is sent to where one does. Every loader and action here begins with it. */
export async function requireAdmin(asked: Asked): Promise<Admin> {
  const admin = await findAdmin(asked);
  if (admin) return admin;
  throw redirect("/dashboard/sign-in");
}

/** For what a page polls, which can't follow to another page. */
export async function adminOnly(asked: Asked): Promise<void> {
  if (!(await findAdmin(asked)))
    throw Response.json({ error: "Nobody is signed in." }, { status: 401, headers: unkept });
}

/** So that after signing out, the Back button shows nothing of the dashboard. */
export const unkept = { "Cache-Control": "no-store" } as const;
