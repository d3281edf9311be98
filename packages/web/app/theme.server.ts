import { createCookie } from "@remix-run/node";
import { isTheme, type Theme } from "./theme.ts";

const cookie = createCookie("theme", { httpOnly: true, sameSite: "lax", path: "/", maxAge: 31_536_000 });

/** The theme that the visitor has chosen. The server reads it, so a page comes in it from its first byte. */
export async function readTheme(request: Request): Promise<Theme> {
  const chosen: unknown = await cookie.parse(request.headers.get("cookie"));
  return isTheme(chosen) ? chosen : "system";
}

/** The header that keeps the choice for a year; "system" needs no cookie, so it takes the one there is away. */
export const themeCookie = (theme: Theme): Promise<string> =>
  cookie.serialize(theme, theme === "system" ? { maxAge: 0 } : {});
