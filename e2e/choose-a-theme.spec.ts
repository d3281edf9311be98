import type { Page, Route } from "@playwright/test";
import { expect, test } from "./system.ts";

const isDark = (page: Page) => page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
const scheme = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);

test("the theme follows the device until one is chosen, and the choice stays", async ({ page, request }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill("A text of mine");
  expect(await scheme(page)).toBe("light dark");
  const kept = page.waitForResponse((response) => response.url().includes("/theme"));
  await page.getByRole("button", { name: "Dark theme" }).click();
  await expect(page.getByRole("button", { name: "Dark theme", pressed: true })).toBeVisible();
  expect(await scheme(page)).toBe("dark");
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("A text of mine");
  await kept;

  // Without a flash: the page says it itself, before any script.
  const html = await (await page.context().request.get("/about")).text();
  expect(html).toContain('<html lang="en" data-theme="dark">');
  expect(await (await request.get("/about")).text()).toContain('data-theme="system"');

  await page.goto("/about");
  expect(await scheme(page)).toBe("dark");
  expect(await isDark(page)).toBe(false);
  await page.getByRole("button", { name: "The device’s theme" }).click();
  await expect.poll(() => scheme(page)).toBe("light dark");
});

test("the site's other tabs follow the choice", async ({ page, context }) => {
  const other = await context.newPage();
  await other.goto("/about", { waitUntil: "networkidle" });
  await page.goto("/");
  await page.getByRole("button", { name: "Dark theme" }).click();
  await expect(other.getByRole("button", { name: "Dark theme", pressed: true })).toBeVisible();
  expect(await scheme(other)).toBe("dark");
});

test("an error page comes in the chosen theme, and leads on", async ({ page, complaints }) => {
  complaints.expected.push(/status of 404/);
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  const kept = page.waitForResponse((response) => response.url().includes("/theme"));
  await page.getByRole("button", { name: "Dark theme" }).click();
  await kept;
  await page.goto("/nowhere");
  expect(await scheme(page)).toBe("dark");
  await expect(page.getByRole("button", { name: "Dark theme", pressed: true })).toBeVisible();
  await page.getByRole("link", { name: "About" }).click();
  await expect(page.getByRole("heading", { name: "About the model" })).toBeVisible();
  expect(await scheme(page)).toBe("dark");
});

test("a choice that the server doesn't hear of shows, too, and takes nothing along", async ({ page, complaints }) => {
  complaints.expected.push(/ERR_INTERNET_DISCONNECTED/);
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill("A text of mine");
  await page.context().setOffline(true);
  const failed = page.waitForEvent("requestfailed");
  await page.getByRole("button", { name: "Dark theme" }).click();
  await failed;
  expect(await scheme(page)).toBe("dark");
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("A text of mine");
});

test("of two choices the server keeps the later, though it hears of the earlier last", async ({ page }) => {
  const held: Route[] = [];
  await page.route("**/theme", (route) => (held.length === 0 ? void held.push(route) : route.fallback()));
  await page.goto("/about", { waitUntil: "networkidle" });
  await page.getByRole("button", { name: "Dark theme" }).click();
  await expect.poll(() => held.length).toBe(1);
  await page.getByRole("button", { name: "Light theme" }).click();
  await expect(page.getByRole("button", { name: "Light theme", pressed: true })).toBeVisible();
  const answered = ["dark", "light"].map((theme) =>
    page.waitForResponse((response) => response.request().postData() === `theme=${theme}`),
  );
  await held[0]?.continue();
  await Promise.all(answered);
  await page.reload();
  await expect(page.getByRole("button", { name: "Light theme", pressed: true })).toBeVisible();
});

test("where the device forces its colours, what is drawn is for the device’s background, whatever theme was chosen", async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  await page.goto("/about");
  const word = page.getByRole("img", { name: /^A browser asks/ }).getByText("publishes");
  const colour = () => word.evaluate((text) => getComputedStyle(text).fill);
  const ofDevice = await colour();
  const kept = page.waitForResponse((response) => response.url().includes("/theme"));
  await page.getByRole("button", { name: "Light theme" }).click();
  await kept;
  await page.reload();
  expect(await colour()).toBe(ofDevice);
});

test("where the device forces its colours, what is a button and what is chosen can still be seen", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Suggest tags" })).toHaveCSS("border-top-style", "solid");
  await page.goto("/developers");
  const paperOf = (selected: boolean) =>
    page
      .getByRole("tab", { selected })
      .first()
      .evaluate((tab) => getComputedStyle(tab).backgroundColor);
  expect(await paperOf(true)).not.toBe(await paperOf(false));
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the choice leads back to the page that it was made on", async ({ page }) => {
    await page.goto("/about");
    await page.getByRole("button", { name: "Dark theme" }).click();
    await expect(page).toHaveURL(/\/about$/);
    await expect(page.getByRole("button", { name: "Dark theme", pressed: true })).toBeVisible();
  });

  test("after an answer, it leads to the page's own address", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("textbox", { name: "Title" }).fill("How do I sort a list in Python?");
    await page.getByRole("button", { name: "Suggest tags" }).click();
    await expect(page.getByRole("list", { name: "Suggested tags" })).toBeVisible();
    await page.getByRole("button", { name: "Dark theme" }).click();
    await expect(page.getByRole("button", { name: "Dark theme", pressed: true })).toBeVisible();
    expect(new URL(page.url()).search).toBe("");
  });
});
