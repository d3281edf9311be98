import { createCookie } from "@remix-run/node";
import { isTheme, type Theme } from "./theme.ts";

const options = { httpOnly: true, sameSite: "lax", path: "/", maxAge: 31_536_000 } as const;
const plain = createCookie("theme", options);
const encrypted = createCookie("__Host-theme", { ...options, secure: true });

/** A browser drops a `Secure` cookie that comes over HTTP, as on a machine of one's own. */
const cookieOf = ({ url }: Request) => (new URL(url).protocol === "https:" ? encrypted : plain);

/** The theme that the visitor has chosen. The server reads it, so a page comes in it from its first byte. */
export async function readTheme(request: Request): Promise<Theme> {
  const chosen: unknown = await cookieOf(request).parse(request.headers.get("cookie"));
  return isTheme(chosen) ? chosen : "system";
}

/** The header that keeps the choice for a year; "system" needs no cookie, so it takes the one there is away. */
export const themeCookie = (theme: Theme, request: Request): Promise<string> =>
  cookieOf(request).serialize(theme, theme === "system" ? { maxAge: 0 } : {});
