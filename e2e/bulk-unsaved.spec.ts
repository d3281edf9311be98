import { choose, questions, save } from "./questions-file.ts";
import { expect, test } from "./system.ts";

test("a result that nobody has saved is not left without being asked, and a saved one is", async ({ page }) => {
  await page.goto("/bulk");
  await choose(page, "questions.csv", questions(2));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toBeVisible();
  const about = page.getByRole("link", { name: "About" });
  const dialog = page.getByRole("alertdialog", { name: "Leave without the result?" });
  await about.press("Enter");
  await expect(dialog).toContainText("questions.csv");
  await page.keyboard.press("Escape");
  await expect(about).toBeFocused();
  const asked = page.waitForEvent("dialog");
  const closed = page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await Promise.all([question.dismiss(), closed]);

  await save(page);
  await about.click();
  await expect(page.getByRole("heading", { name: "About the model" })).toBeFocused();
});

test("another file does not take the place of a result that nobody has saved", async ({ page, checkAccessibility }) => {
  await page.goto("/bulk");
  const done = page.getByRole("status").filter({ hasText: "The file is done" });
  const tag = page.getByRole("button", { name: "Tag the file" });
  await choose(page, "first.csv", questions(2));
  await tag.click();
  await expect(done).toBeVisible();
  await choose(page, "second.csv", questions(3));
  await tag.click();
  const dialog = page.getByRole("alertdialog", { name: "Begin without the result?" });
  await expect(dialog).toContainText("first.csv");
  await checkAccessibility();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect((await save(page)).name).toBe("first-tagged.csv");
  await tag.click();
  await expect(done).toContainText("3 rows in all");
  await choose(page, "third.csv", questions(4));
  await tag.click();
  await dialog.getByRole("button", { name: "Begin" }).click();
  await expect(done).toContainText("4 rows in all");
});

test("whoever leaves a file that is still being tagged is asked, and may, by the Back button, too", async ({
  page,
  checkAccessibility,
}) => {
  await page.goto("/", { waitUntil: "networkidle" });
  await page.getByRole("link", { name: "Bulk" }).click();
  await page.route("**/bulk/slice", () => undefined); // and nobody answers it
  await choose(page, "questions.csv", questions(2));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
  await page.evaluate(() => history.back());
  const dialog = page.getByRole("alertdialog", { name: "Leave without the result?" });
  await expect(dialog).toBeVisible();
  await checkAccessibility();
  await dialog.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { name: "Which tags fit your question?" })).toBeFocused();
});
