/** Every address of a page or of what its scripts ask, without its variable parts. Anybody can invent others. */
const routes: ReadonlySet<string> = new Set([
  "/",
  "/suggest",
  "/explain",
  "/feedback",
  "/feedback/send",
  "/bulk",
  "/bulk/slice",
  "/about",
  "/developers",
  "/charts/:name",
  "/dashboard",
  "/dashboard/sign-in",
  "/dashboard/sign-out",
  "/dashboard/models",
  "/dashboard/models/confirm",
  "/dashboard/figures",
  "/dashboard/serving",
  "/dashboard/trial",
  "/theme",
  "/healthz",
]);

/** What a path is called in log, metrics and traces: one of a closed set. */
export function routeNameOf(path: string): string {
  if (path.startsWith("/assets/")) return "/assets/";
  // A page's script asks for a page's data under the page's address with this at its end.
  const page = path === "/_root.data" ? "/" : path.replace(/\.data$/, "");
  const name = page.replace(/^\/charts\/[^/]+$/, "/charts/:name").replace(/(?<=.)\/$/, "");
  return routes.has(name) ? name : "other";
}
