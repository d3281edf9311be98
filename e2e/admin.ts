import { execFileSync } from "node:child_process";
import { expect, type Page } from "@playwright/test";
import { root } from "./process.ts";

export const password = "correct horse battery staple";

/** What a server needs to let the admin in: the password's hash, made by the command that the dashboard tells of. */
export function adminVariables(): { readonly ADMIN_PASSWORD_HASH: string } {
  const options = { cwd: root, input: `${password}\n`, encoding: "utf8" } as const;
  return { ADMIN_PASSWORD_HASH: execFileSync("npm", ["run", "--silent", "password"], options).trim() };
}

/** Signs in where the dashboard is reached at this address. */
export async function signIn(page: Page, web: string, name = "Ada"): Promise<void> {
  await page.goto(`${web}/dashboard`);
  await enter(page, { name, password });
  await expect(page.getByRole("heading", { name: "Live" })).toBeVisible();
}

/** Fills in the form of the sign-in and sends it. */
export async function enter(page: Page, given: { name: string; password: string }): Promise<void> {
  await page.getByRole("textbox", { name: "Your name" }).fill(given.name);
  await page.getByRole("textbox", { name: "Password" }).fill(given.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
