import { Router, type RequestHandler } from "express";

/** Addresses that take forms alone, each with the page that has the form. */
const pages = {
  "/suggest": "/",
  "/explain": "/",
  "/theme": "/",
  "/feedback/send": "/feedback",
  "/bulk/slice": "/bulk",
  "/dashboard/sign-out": "/dashboard",
} as const;

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
    else response.status(405).set("Allow", "POST").type("text").send("Method Not Allowed\n");
  };

export const formsOnly = Router();
for (const [path, page] of Object.entries(pages)) formsOnly.all(path, leadTo(page));
