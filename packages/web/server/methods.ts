import { Router, type RequestHandler, type Response } from "express";

/** Addresses that take forms alone, each with the page that has the form. */
const formsOnly = {
  "/suggest": "/",
  "/explain": "/",
  "/theme": "/",
  "/feedback/send": "/feedback",
  "/bulk/slice": "/bulk",
  "/dashboard/sign-out": "/dashboard",
} as const;

/** Addresses of no page that are read alone: of another method Remix would say that the server failed. */
const readOnly = ["/healthz", "/charts/:name", "/dashboard/figures", "/dashboard/serving", "/dashboard/trial"];

/** Leads whoever opens such an address by hand to its page, and tells a program what is taken there. */
const leadTo =
  (page: string): RequestHandler =>
  (request, response, next) => {
    if (request.method === "POST") {
      next();
      return;
    }
    response.set("Cache-Control", "no-store");
    const isPerson = ["GET", "HEAD"].includes(request.method) && request.accepts(["text", "html"]) === "html";
    if (isPerson) response.redirect(page);
    else refuse(response, ["POST"]);
  };

/** Remix would fail on TRACE, and not say what else there is. */
const allow =
  (...methods: readonly string[]): RequestHandler =>
  ({ method }, response, next) => {
    if (methods.includes(method)) next();
    else refuse(response, methods);
  };

const refuse = (response: Response, methods: readonly string[]) =>
  response.status(405).set("Allow", methods.join(", ")).type("text").send("Method Not Allowed\n");

/** Lets through what an address takes, and answers the rest with that. */
export const methods = Router();
for (const [path, page] of Object.entries(formsOnly)) methods.all(path, leadTo(page));
methods.all(readOnly, allow("GET", "HEAD"));
methods.use(allow("GET", "HEAD", "POST"));
