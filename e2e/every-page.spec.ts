import { pages } from "./pages.ts";
import { expect, test } from "./system.ts";

const described = [...pages.map(({ path }) => path), "/feedback", "/dashboard/sign-in"];

test("every page says in a sentence what it is for, to whoever lists it", async ({ page }) => {
  for (const path of described) {
    await page.goto(path);
    await expect(page.locator('meta[name="description"]')).toHaveAttribute("content", /\w{4}/);
  }
});

test("a form that is too large is not said to have broken the site", async ({ request }) => {
  const form = { name: "x".repeat(2 ** 21), password: "x" };
  const answer = await request.post("/dashboard/sign-in", { form, headers: { accept: "text/html" } });
  expect(answer.status()).toBe(413);
  expect(await answer.text()).toContain("<title>That is more than this page reads · Tagsmith</title>");
});

test("a page without a form tells what it takes to whoever sends it one", async ({ request }) => {
  const answer = await request.post("/about", { form: { a: "b" } });
  expect([answer.status(), answer.headers()["allow"]]).toEqual([405, "GET, HEAD"]);
});

test("at 320 pixels, as at 400 % zoom, tags that are less likely are not broken within a word", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/?example=1", { waitUntil: "networkidle" });
  const heightOf = async (tag: string) => (await page.getByText(tag, { exact: true }).boundingBox())?.height;
  expect(await heightOf("matplotlib")).toBe(await heightOf("list"));
});

test("with text of twice the size, nothing sticks out of a phone’s page, opened options included", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const { path } of pages) {
    await page.goto(path, { waitUntil: "networkidle" });
    const width = await page.evaluate(() => {
      const large = new CSSStyleSheet();
      large.replaceSync("html { font-size: 200% }");
      document.adoptedStyleSheets = [large];
      for (const details of document.querySelectorAll("details")) details.open = true;
      return document.documentElement.scrollWidth;
    });
    expect([path, Math.max(320, width)]).toEqual([path, 320]);
  }
});

for (const { name, path } of [...pages, { name: "an error page", path: "/nowhere" }]) {
  test(`${name} is accessible in both themes, and at 360 pixels nothing of it sticks out`, async ({
    page,
    complaints,
    checkAccessibility,
  }) => {
    complaints.expected.push(/status of 404/);
    await page.goto(path, { waitUntil: "networkidle" });
    await checkAccessibility();
    await page.setViewportSize({ width: 360, height: 800 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(360);
  });
}

test.describe("on a phone", () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test("no field is so small that touching it zooms the page in", async ({ page }) => {
    for (const path of ["/?example=1", "/feedback", "/bulk", "/dashboard/sign-in"]) {
      await page.goto(path);
      const fields = page.locator(
        "input:not([type=hidden], [type=radio], [type=checkbox], [type=range]), textarea, select",
      );
      const sizes = await fields.evaluateAll((all) => all.map((field) => parseFloat(getComputedStyle(field).fontSize)));
      expect([path, Math.min(16, ...sizes)]).toEqual([path, 16]);
    }
  });
});
