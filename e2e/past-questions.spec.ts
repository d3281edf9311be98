import { expect, test } from "./system.ts";

test("questions are remembered on the device, opened again, and deleted one by one or all", async ({
  page,
  checkAccessibility,
}) => {
  await page.goto("/");
  const title = page.getByRole("textbox", { name: "Title" });
  for (const text of ["How do I center a div with CSS?", "How do I parse XML in Java?", "Sort a list in Python"]) {
    await title.fill(text);
    await page.getByRole("button", { name: "Suggest tags" }).click();
    await expect(page.getByRole("region", { name: "Answer" })).toBeFocused();
  }
  await page.reload();
  const past = page.getByRole("list", { name: "Your questions" }).getByRole("listitem");
  await expect(past).toHaveCount(3);
  await expect(past.first()).toContainText("Sort a list in Python");
  await checkAccessibility();

  await title.fill("A text of mine");
  await past.getByRole("button", { name: /^How do I center/ }).click();
  await expect(title).toHaveValue("How do I center a div with CSS?");
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  await page.getByRole("button", { name: "Bring my text back" }).click();
  await expect(title).toHaveValue("A text of mine");

  await page.getByRole("button", { name: "Delete “How do I parse XML in Java?”" }).click();
  await expect(past).toHaveCount(2);
  await expect(page.getByRole("heading", { name: "Your questions" })).toBeFocused();

  await page.getByRole("button", { name: "Delete all" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Delete all your questions?" });
  await expect(dialog).toBeVisible();
  await checkAccessibility();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(past).toHaveCount(2);
  await page.getByRole("button", { name: "Delete all" }).click();
  await dialog.getByRole("button", { name: "Delete all" }).click();
  await expect(past).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("list", { name: "Your questions" })).toHaveCount(0);
});

test("each runs in the direction of its own text", async ({ page }) => {
  await page.goto("/");
  for (const title of ["كيف أرتب قائمة في بايثون؟", "Sort a list in Python"]) {
    await page.getByRole("textbox", { name: "Title" }).fill(title);
    await page.getByRole("button", { name: "Suggest tags" }).click();
    await expect(page.getByRole("region", { name: "Answer" })).toBeFocused();
  }
  const past = page.getByRole("list", { name: "Your questions" });
  await expect(past.getByText("كيف أرتب قائمة في بايثون؟")).toHaveCSS("direction", "rtl");
  await expect(past.getByText("Sort a list in Python")).toHaveCSS("direction", "ltr");
});

test("without a connection they are deleted all the same", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill("How do I center a div with CSS?");
  await page.getByRole("button", { name: "Suggest tags" }).click();
  const past = page.getByRole("list", { name: "Your questions" });
  await expect(past).toContainText("center a div");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Delete all" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete all" }).click();
  await expect(past).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Which tags fit your question?" })).toBeFocused();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("How do I center a div with CSS?");
});

test("the page stays where it is while it asks whether to delete them", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 480 });
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill("How do I center a div with CSS?");
  await page.getByRole("button", { name: "Suggest tags" }).click();
  await expect(page.getByRole("region", { name: "Answer" })).toBeFocused();
  const deleteAll = page.getByRole("button", { name: "Delete all" });
  await deleteAll.focus();
  const scrolled = () => page.evaluate(() => window.scrollY);
  const before = await scrolled();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await page.mouse.move(10, 10);
  await page.mouse.wheel(0, -400);
  await page.keyboard.press("Escape");
  await expect(deleteAll).toBeFocused();
  await page.mouse.wheel(0, -50);
  await expect.poll(scrolled).toBeLessThan(before);
  await page.mouse.wheel(0, 100);
  await expect.poll(scrolled).toBeGreaterThan(before);
});
