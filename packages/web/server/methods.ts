import { Router, type RequestHandler, type Response } from "express";

/** Addresses that only take forms, each with the page that has the form. */
const formsOnly = {
  "/suggest": "/",
  "/explain": "/",
  "/theme": "/",
  "/feedback/send": "/feedback",
  "/bulk/slice": "/bulk",
  "/dashboard/sign-out": "/dashboard",
} as const;

/** Read-only addresses without a page: Remix would answer other methods with a server error. */
const readOnly = ["/healthz", "/charts/:name", "/dashboard/figures", "/dashboard/serving", "/dashboard/trial"];

/** Redirects a person who opens such an address by hand to its page; a program gets 405. */
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

/** Remix would fail on TRACE, and its 405 doesn't list the allowed methods. */
const allow =
  (...methods: readonly string[]): RequestHandler =>
  ({ method }, response, next) => {
    if (methods.includes(method)) next();
    else refuse(response, methods);
  };

const refuse = (response: Response, methods: readonly string[]) =>
  response.status(405).set("Allow", methods.join(", ")).type("text").send("Method Not Allowed\n");

/** Answers methods that an address doesn't take with 405 and those that it does. */
export const methods = Router();
for (const [path, page] of Object.entries(formsOnly)) methods.all(path, leadTo(page));
methods.all(readOnly, allow("GET", "HEAD"));
methods.use(allow("GET", "HEAD", "POST"));
