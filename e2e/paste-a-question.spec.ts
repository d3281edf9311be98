import type { Page } from "@playwright/test";
import { expect, test } from "./system.ts";

const article = `<p>Why does <b>this</b> <a href="https://pandas.pydata.org/">pandas</a> code fail?</p>
  <pre class="lang-py"><code><span style="color:red">for</span> x in rows:\n    print(x &lt; 3)</code></pre>`;

const harmful = `<p style="color:red">Why?</p><img src="x" onerror="document.title = 'hacked'"><script>document.title = "hacked"</script>`;

/** Copies a page that shows the article, as somebody would: all of it, by the keyboard. */
async function copyFromAnotherPage(page: Page, shown: string): Promise<void> {
  const source = await page.context().newPage();
  await source.setContent(shown);
  await source.keyboard.press("Control+A");
  await source.keyboard.press("Control+C");
  await source.close();
}

test("a question copied from a page keeps its code and its links", async ({ page, checkAccessibility }) => {
  await copyFromAnotherPage(page, article);
  await page.goto("/");
  const body = page.getByRole("textbox", { name: "Body" });
  await body.press("Control+V");
  await expect(body).toHaveValue(/<pre><code>for x in rows:\n {4}print\(x &lt; 3\)<\/code><\/pre>/);
  await expect(body).toHaveValue(
    /<p>Why does <strong>this<\/strong> <a href="https:\/\/pandas.pydata.org\/">pandas<\/a>/,
  );
  await expect(body).not.toHaveValue(/style|class|span/);
  await expect(page.getByRole("status").filter({ hasText: "Pasted with its paragraphs and code" })).toBeVisible();

  await page.getByText("Preview of the body").click();
  const preview = page.getByRole("region", { name: "Preview of the body" });
  await expect(preview.getByRole("code")).toHaveText("for x in rows:\n    print(x < 3)");
  await checkAccessibility();

  await page.getByRole("button", { name: "Use the plain text instead" }).click();
  await expect(body).toHaveValue(/^Why does this pandas code fail\?\s+for x in rows:\n {4}print\(x < 3\)$/);
  await expect(body).toBeFocused();
});

test("what Windows has between the lines of its clipboard is no part of them", async ({ page }) => {
  await page.goto("/", { waitUntil: "networkidle" });
  const body = page.getByRole("textbox", { name: "Body" });
  await body.evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", "<p>one</p>\r\n<pre>two\r\nthree</pre>");
    clipboardData.setData("text/plain", "one\r\n\r\ntwo\r\nthree");
    field.focus();
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(body).toHaveValue("<p>one</p>\n<pre>two\nthree</pre>");
  await page.getByRole("button", { name: "Use the plain text instead" }).click();
  await expect(body).toHaveValue("one\n\ntwo\nthree");
  await expect(page.getByText("14 of 100,000 characters")).toBeVisible();
});

test("thousands of lines copied from an editor go in as they are, and one undo takes them back", async ({ page }) => {
  const log = Array.from({ length: 5_000 }, (_, line) => `${line} <a> & b\n`).join("");
  await page.goto("/", { waitUntil: "networkidle" });
  const body = page.getByRole("textbox", { name: "Body" });
  await body.fill("before");
  await body.evaluate((field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", `<span>${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</span>`);
    clipboardData.setData("text/plain", text);
    field.focus();
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, log);
  await expect(body).toHaveValue(`before${log}`);
  await body.press("Control+Z");
  await expect(body).toHaveValue("before");
});

test("what is typed as HTML is shown in the preview, and never run", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Body" }).fill(harmful);
  await page.getByText("Preview of the body").click();
  await expect(page.getByRole("region", { name: "Preview of the body" })).toHaveText("Why?");
  await expect(page).toHaveTitle(/^Tagsmith/);
  await expect(page.getByRole("region", { name: "Preview of the body" }).getByRole("img")).toHaveCount(0);
});

test("in the preview, long lines of code break, and each paragraph runs in its own direction", async ({
  page,
  checkAccessibility,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/");
  const body = `<pre><code>${"x".repeat(400)}</code></pre><p>كيف أرتب قائمة؟</p><p>In Python.</p>`;
  await page.getByRole("textbox", { name: "Body" }).fill(body);
  await page.getByText("Preview of the body").click();
  const preview = page.getByRole("region", { name: "Preview of the body" });
  await expect(preview.getByText("كيف أرتب قائمة؟")).toHaveCSS("direction", "rtl");
  await expect(preview.getByText("In Python.")).toHaveCSS("direction", "ltr");
  await checkAccessibility();
  for (const box of [preview, preview.getByRole("code").locator("..")]) {
    expect(await box.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  }
});

test("plain text is pasted as it is, and the browser's undo takes a paste back", async ({ page }) => {
  await copyFromAnotherPage(page, "<span>a plain text</span>");
  await page.goto("/");
  const body = page.getByRole("textbox", { name: "Body" });
  await body.press("Control+V");
  await expect(body).toHaveValue("a plain text");
  await body.fill("");
  await copyFromAnotherPage(page, article);
  await body.press("Control+V");
  await expect(body).toHaveValue(/^<p>Why/);
  await body.press("Control+Z");
  await expect(body).toHaveValue("");
});

test("without a connection a paste keeps its text, and the preview comes with the next try", async ({
  page,
  complaints,
}) => {
  complaints.expected.push(/ERR_INTERNET_DISCONNECTED/);
  await copyFromAnotherPage(page, article);
  await page.goto("/", { waitUntil: "networkidle" });
  const body = page.getByRole("textbox", { name: "Body" });
  await page.context().setOffline(true);
  await body.press("Control+V");
  await expect(body).toHaveValue(/^Why does this pandas code fail\?\s+for x in rows:/);
  await body.fill("<p>Why?</p>");
  const preview = page.getByText("Preview of the body");
  await preview.click();
  await expect(page.getByRole("alert")).toContainText("The preview did not load");
  await expect(body).toHaveValue("<p>Why?</p>");
  await page.context().setOffline(false);
  await preview.click();
  await preview.click();
  await expect(page.getByRole("region", { name: "Preview of the body" })).toHaveText("Why?");
});
