import { expect, test } from "./system.ts";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("tags are copied one or all, as the ask form and the search of Stack Overflow take them", async ({ page }) => {
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.goto("/?example=1");
  await page.getByRole("button", { name: "Copy all", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: /^Copied: / })).toBeVisible();
  const all = (await clipboard()).split(" ");
  expect(all).toEqual(expect.arrayContaining(["pandas", "python"]));
  await expect(page.getByRole("list", { name: "Suggested tags" }).getByRole("listitem")).toHaveCount(all.length);

  await page.getByRole("button", { name: "Copy all as [tags]" }).click();
  await expect(page.getByText("Copied: [")).toBeVisible();
  expect(await clipboard()).toBe(all.map((tag) => `[${tag}]`).join(" "));

  await page.getByRole("button", { name: "Copy python", exact: true }).click();
  await expect(page.getByText("Copied: python", { exact: true })).toBeVisible();
  expect(await clipboard()).toBe("python");
});

test("where the clipboard is refused, the browser’s own command copies", async ({ page, context }) => {
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined }));
  await page.goto("/?example=1");
  await page.getByRole("button", { name: "Copy python", exact: true }).click();
  await expect(page.getByText("Copied: python", { exact: true })).toBeVisible();
  await page.getByRole("textbox", { name: "Title" }).fill("");
  await page.keyboard.press("Control+V");
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("python");
});
