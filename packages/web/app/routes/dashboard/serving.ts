import type { LoaderFunctionArgs } from "@remix-run/node";
import { adminOnly, unkept } from "../../dashboard/admin.server.ts";

/** What the page of models polls: which version the service has in use. */
export async function loader(asked: LoaderFunctionArgs) {
  await adminOnly(asked);
  return Response.json(await asked.context.dashboard.serving(), { headers: unkept });
}
