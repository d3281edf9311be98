import { expect, test } from "./system.ts";

const question = { title: "How do I center a div?", body: "With CSS, please." };

test("a text survives a look at another page, a reload, and the way back", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill(question.title);
  await page.getByRole("textbox", { name: "Body" }).fill(question.body);
  await page.getByRole("link", { name: "About" }).click();
  await expect(page.getByRole("heading", { name: "About the model" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue(question.title);
  await expect(page.getByRole("textbox", { name: "Body" })).toHaveValue(question.body);
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Body" })).toHaveValue(question.body);
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
});

test("where the browser lets pages keep nothing, links lead on and questions are answered", async ({
  page,
  complaints,
}) => {
  complaints.expected.push(/^denied$/, /SecurityError: denied/); // by Remix's own script, which restores where one has scrolled to
  await page.addInitScript(() => {
    for (const storage of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, storage, {
        get: () => {
          throw new DOMException("denied", "SecurityError");
        },
      });
    }
  });
  await page.goto("/", { waitUntil: "networkidle" }); // a link followed before that loads the page
  await page.getByRole("link", { name: "About" }).click();
  await expect(page.getByRole("heading", { name: "About the model" })).toBeVisible();
  await page.goBack();
  await page.getByRole("textbox", { name: "Title" }).fill(question.title);
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
});

test("an example takes the place of a text that can be brought back", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill(question.title);
  await page.getByRole("link", { name: /LINQ/ }).click();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue(/LINQ/);
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("linq");
  await page.getByRole("button", { name: "Bring my text back" }).click();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue(question.title);
  await expect(page.getByRole("textbox", { name: "Title" })).toBeFocused();
});

test("a text that began as an example survives the same, and another example still takes its place", async ({
  page,
}) => {
  const title = page.getByRole("textbox", { name: "Title" });
  await page.goto("/");
  await page.getByRole("link", { name: /LINQ/ }).click();
  await expect(title).toHaveValue(/LINQ/);
  await title.fill(question.title);
  await page.getByRole("link", { name: "About" }).click();
  await expect(page.getByRole("heading", { name: "About the model" })).toBeVisible();
  await page.goBack();
  await expect(title).toHaveValue(question.title);
  await page.reload({ waitUntil: "networkidle" });
  await expect(title).toHaveValue(question.title);
  await page.goto("/?example=1", { waitUntil: "networkidle" });
  await expect(title).toHaveValue(/median/);
});

test("a body that is too long is counted, told beside the field, and stays", async ({ page, checkAccessibility }) => {
  const long = "b".repeat(100_001);
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill(question.title);
  const body = page.getByRole("textbox", { name: "Body" });
  await body.fill(long);
  await expect(page.getByText("100,001 of 100,000 characters")).toBeVisible();
  await expect(body).toHaveAccessibleDescription(/This is 100,001 characters long/);
  await page.getByRole("button", { name: "Suggest tags" }).click();
  await expect(body).toBeFocused();
  await expect(body).toHaveValue(long);
  await checkAccessibility();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a form too large to be read says so, and the way back has the text", async ({ page, complaints }) => {
    complaints.expected.push(/status of 413/);
    const huge = "字".repeat(150_000);
    await page.goto("/");
    await page.getByRole("textbox", { name: "Title" }).fill(question.title);
    await page.getByRole("textbox", { name: "Body" }).fill(huge);
    await page.getByRole("button", { name: "Suggest tags" }).click();
    await expect(page.getByRole("alert")).toContainText("too large");
    await page.goBack();
    await expect(page.getByRole("textbox", { name: "Body" })).toHaveValue(huge);
  });
});
