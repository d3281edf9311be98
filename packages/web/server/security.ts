import { randomBytes } from "node:crypto";
import type { RequestHandler, Response } from "express";

const contentSecurityPolicy = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** Sets the headers that tell a browser how little this site needs, and a fresh nonce for the page's own scripts. */
export const secure: RequestHandler = (_request, response, next) => {
  const nonce = randomBytes(16).toString("base64");
  response.locals["cspNonce"] = nonce;
  response.set({
    "Content-Security-Policy": contentSecurityPolicy(nonce),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    // "no-referrer" would make browsers send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    // Browsers heed it over HTTPS only.
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
  });
  next();
};

export const cspNonce = (response: Response): string => String(response.locals["cspNonce"]);

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what another site makes a visitor's browser send. A browser names its site in `Sec-Fetch-Site`, older ones in
 * `Origin`; what sends neither is no browser and carries nobody's cookies.
 */
export const sameOrigin: RequestHandler = (request, response, next) => {
  if (safeMethods.has(request.method) || isOwn(request.headers)) next();
  else response.status(403).type("text").send("This form was sent by another site.\n");
};

function isOwn({ host, origin, "sec-fetch-site": site }: Parameters<RequestHandler>[0]["headers"]): boolean {
  if (site !== undefined) return site === "same-origin" || site === "none";
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
