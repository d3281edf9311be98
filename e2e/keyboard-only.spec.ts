import type { Page } from "@playwright/test";
import { expect, test } from "./system.ts";

/** Goes on by the Tab key until the element has the focus, as somebody without a mouse would. */
async function tabTo(page: Page, target: ReturnType<Page["getByRole"]>): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`40 presses of Tab did not lead to ${target.toString()}`);
}

test("another page is read from its heading on, and the way back leads there, too", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByText("0 of 1,000 characters")).toBeVisible(); // a link followed before that loads the page
  await tabTo(page, page.getByRole("link", { name: "About" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "About the model" })).toBeFocused();
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Which tags fit your question?" })).toBeFocused();
  await tabTo(page, page.getByRole("textbox", { name: "Title" }));
});

test("so is what is said of a page that didn't come, and the page after that", async ({ page, complaints }) => {
  complaints.expected.push(/ERR_FAILED/);
  await page.goto("/about", { waitUntil: "networkidle" });
  await page.getByRole("link", { name: "Tag generator" }).click();
  await expect(page.getByRole("heading", { name: "Which tags fit your question?" })).toBeFocused();
  await page.route(/about\.data/, (route) => route.abort());
  await page.getByRole("link", { name: "About" }).click();
  await expect(page.getByRole("heading", { name: "The page did not come" })).toBeFocused();
  await page.getByRole("link", { name: "To the tag generator" }).click();
  await expect(page.getByRole("heading", { name: "Which tags fit your question?" })).toBeFocused();
});

test("a question is asked, understood and taken along without a mouse", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeInViewport();
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("textbox", { name: "Title" }));
  await page.keyboard.type("How do I merge two pandas frames?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Answer" })).toBeFocused();

  await tabTo(page, page.getByRole("button", { name: "Why pandas?" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Why pandas?" })).toContainText(/pandas\s+\d+ points/);
  await tabTo(page, page.getByRole("button", { name: "Copy all", exact: true }));
  await page.keyboard.press("Space");
  await expect(page.getByText(/^Copied: /)).toBeVisible();

  await tabTo(page, page.getByRole("button", { name: "Delete all" }));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Delete all" })).toBeFocused();
});

test("an example is one stop on the way from its language to its button", async ({ page }) => {
  await page.goto("/developers");
  await expect(page.getByRole("button", { name: "Copy the example" })).toBeVisible();
  await tabTo(page, page.getByRole("tab", { name: "curl" }));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("region", { name: "Example in TypeScript" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Copy the example" })).toBeFocused();
});
