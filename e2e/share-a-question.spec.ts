import { expect, test } from "./system.ts";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const title = "How do I merge two dictionaries in Python?";
const body = "<pre><code>x = {'ключ': 1}</code></pre>";

test("a link brings the question to somebody else, and no server sees it in an address", async ({ page, context }) => {
  const addresses: string[] = [];
  context.on("request", (request) => addresses.push(request.url()));
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await page.getByRole("textbox", { name: "Body" }).fill(body);
  await page.getByRole("button", { name: "Copy a link" }).click();
  await expect(page.getByText("Copied: a link to this question")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByRole("textbox", { name: "Title" })).toHaveValue(title);
  await expect(other.getByRole("textbox", { name: "Body" })).toHaveValue(body);
  await expect(other.getByRole("list", { name: "Suggested tags" })).toContainText("python");
  expect(new URL(other.url()).hash).toBe("");
  const packed = new URL(link).hash.slice("#question=".length);
  expect(addresses.filter((url) => url.includes("dictionaries") || url.replace(link, "").includes(packed))).toEqual([]);
});

test("a link that was cut says so, and leaves the form alone", async ({ page }) => {
  await page.goto("/#question=q1YqUL");
  await expect(page.getByRole("status").filter({ hasText: "The link’s question can’t be read" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("");
});
