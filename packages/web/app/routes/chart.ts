import type { LoaderFunctionArgs } from "@remix-run/node";
import { chartFile } from "../report.server.ts";

/** A chart of the training report. A page draws it with `use`, so that it takes the page's colours. */
export function loader({ params }: LoaderFunctionArgs) {
  const svg = chartFile(params["name"] ?? "");
  if (svg === undefined) return new Response("There is no such chart.\n", { status: 404 });
  return new Response(svg, { headers: { "Content-Type": "image/svg+xml", "Cache-Control": "public, max-age=3600" } });
}
