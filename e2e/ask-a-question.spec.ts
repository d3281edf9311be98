import { askForTags, question } from "./ask.ts";
import { expect, test } from "./system.ts";

test("someone pastes a question and gets its tags, each with its confidence", async ({ page, checkAccessibility }) => {
  await page.goto("/");
  await checkAccessibility();
  expect(await askForTags(page)).toMatch(/\d+\s?%/);
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue(question.title);
  await checkAccessibility();
});

test("the form says what is missing, beside the field, and keeps what was typed", async ({ page, complaints }) => {
  complaints.expected.push(/status of 422/);
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill("   ");
  await page.getByRole("textbox", { name: "Body" }).fill(question.body);
  await page.getByRole("button", { name: "Suggest tags" }).click();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveAccessibleDescription(/Give your question a title/);
  await expect(page.getByRole("textbox", { name: "Title" })).toBeFocused();
  await expect(page.getByRole("textbox", { name: "Body" })).toHaveValue(question.body);
});

test("a text without a subject gets the model's best guesses, not an error", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill("Thank you all");
  await page.getByRole("button", { name: "Suggest tags" }).click();
  await expect(page.getByRole("heading", { name: "No tags: the model isn’t sure enough" })).toBeVisible();
  await expect(page.getByRole("list", { name: "Best guesses" }).getByRole("listitem")).toHaveCount(10);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("what is written from right to left runs so, line by line", async ({ page }) => {
  await page.goto("/");
  const title = page.getByRole("textbox", { name: "Title" });
  await title.fill("איך ממיינים רשימה ב-Python?");
  await expect(title).toHaveCSS("direction", "rtl");
  await title.fill("How do I sort a list in Python?");
  await expect(title).toHaveCSS("direction", "ltr");
  const body = page.getByRole("textbox", { name: "Body" });
  await body.fill("איך?\nlist.sort()");
  await expect(body).toHaveCSS("unicode-bidi", "plaintext");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the same question gets the same tags", async ({ page }) => {
    expect(await askForTags(page)).toMatch(/\d+\s?%/);
  });

  test("what is missing is where the page comes back", async ({ page, complaints }) => {
    complaints.expected.push(/status of 422/);
    await page.goto("/");
    await page.getByRole("textbox", { name: "Body" }).fill(question.body);
    await page.getByRole("button", { name: "Suggest tags" }).click();
    const title = page.getByRole("textbox", { name: "Title" });
    await expect(title).toHaveAccessibleDescription(/Give your question a title/);
    await expect(title).toBeFocused();
    await expect(title).toBeInViewport();
  });
});
