import type { LoaderFunctionArgs } from "@remix-run/node";
import { adminOnly, unkept } from "../../dashboard/admin.server.ts";

/** What the page of models polls: what was measured of the trial that began then. */
export async function loader(asked: LoaderFunctionArgs) {
  await adminOnly(asked);
  const startedAt = Date.parse(new URL(asked.request.url).searchParams.get("since") ?? "");
  if (Number.isNaN(startedAt)) return Response.json({ error: "Since when?" }, { status: 400, headers: unkept });
  return Response.json(await asked.context.dashboard.figures.readTrial(startedAt), { headers: unkept });
}
