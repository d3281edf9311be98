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

test("a question that is too long to be read is not shared: whoever opened its link could not read it", async ({
  page,
}) => {
  await page.goto("/");
  const titleField = page.getByRole("textbox", { name: "Title" });
  await titleField.fill(title);
  const share = page.getByRole("button", { name: "Copy a link" });
  await expect(share).toBeVisible();
  await titleField.fill("x".repeat(1_001));
  await expect(share).toHaveCount(0);
});

test("a link that was cut says so, and leaves the form alone", async ({ page }) => {
  await page.goto("/#question=q1YqUL");
  await expect(page.getByRole("status").filter({ hasText: "The link’s question can’t be read" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("");
});

test("the whole link, opened in the place of one that was cut, is all that is told of", async ({ page }) => {
  await page.goto("/#question=q1YqUL");
  const broken = page.getByText("The link’s question can’t be read");
  await expect(broken).toBeVisible();
  await page.goto("/#question=i1byrVTIL89T0lFSigUA");
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("My own");
  await expect(broken).toHaveCount(0);
});

test("of a question that has changed since, nobody is told that its link was copied", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await page.getByRole("button", { name: "Copy a link" }).click();
  const copied = page.getByText("Copied: a link to this question");
  await expect(copied).toBeVisible();
  await page.getByRole("textbox", { name: "Body" }).fill(body);
  await expect(copied).toHaveCount(0);
});
