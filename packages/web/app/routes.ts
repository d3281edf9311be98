import { index, layout, route, type RouteConfig } from "@remix-run/route-config";

export default [
  index("routes/generator.tsx"),
  route("suggest", "routes/suggest.ts"),
  route("explain", "routes/explain.ts"),
  route("feedback", "routes/feedback.tsx"),
  route("feedback/send", "routes/send-feedback.ts"),
  route("bulk", "routes/bulk.tsx"),
  route("about", "routes/about.tsx"),
  route("developers", "routes/developers.tsx"),
  route("charts/:name", "routes/chart.ts"),
  route("dashboard/sign-in", "routes/dashboard/sign-in.tsx"),
  route("dashboard/sign-out", "routes/dashboard/sign-out.ts"),
  layout("routes/dashboard/layout.tsx", [
    route("dashboard", "routes/dashboard/live.tsx"),
    route("dashboard/models", "routes/dashboard/models.tsx"),
    route("dashboard/models/confirm", "routes/dashboard/confirm.tsx"),
  ]),
  route("dashboard/figures", "routes/dashboard/figures.ts"),
  route("dashboard/serving", "routes/dashboard/serving.ts"),
  route("dashboard/trial", "routes/dashboard/trial.ts"),
  route("theme", "routes/theme.ts"),
  route("healthz", "routes/healthz.ts"),
  route("*", "routes/nowhere.tsx"),
] satisfies RouteConfig;
