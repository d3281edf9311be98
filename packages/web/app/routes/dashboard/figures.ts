import type { LoaderFunctionArgs } from "@remix-run/node";
import { adminOnly, unkept } from "../../dashboard/admin.server.ts";
import { readLive } from "../../dashboard/live.server.ts";

/** What the page of live figures polls. */
export async function loader(asked: LoaderFunctionArgs) {
  await adminOnly(asked);
  return Response.json(await readLive(asked.context), { headers: unkept });
}
