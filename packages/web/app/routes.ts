import { index, route, type RouteConfig } from "@remix-run/route-config";

export default [
  index("routes/generator.tsx"),
  route("about", "routes/about.tsx"),
  route("healthz", "routes/healthz.ts"),
] satisfies RouteConfig;
