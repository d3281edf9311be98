import { index, route, type RouteConfig } from "@remix-run/route-config";

export default [
  index("routes/generator.tsx"),
  route("suggest", "routes/suggest.ts"),
  route("explain", "routes/explain.ts"),
  route("feedback", "routes/feedback.tsx"),
  route("bulk", "routes/bulk.tsx"),
  route("about", "routes/about.tsx"),
  route("developers", "routes/developers.tsx"),
  route("charts/:name", "routes/chart.ts"),
  route("theme", "routes/theme.ts"),
  route("healthz", "routes/healthz.ts"),
] satisfies RouteConfig;
