import type { Page } from "@playwright/test";
import { expect, test } from "./system.ts";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const copied = `<meta charset="utf-8"><h2>Ask</h2><p>Why does <b>this</b> <a href="https://pandas.pydata.org">pandas</a> code fail?</p>
  <pre class="lang-py"><code><span style="color:red">for</span> x in rows:\n    print(x &lt; 3)</code></pre>
  <img src="x" onerror="document.title = 'hacked'"><script>document.title = "hacked"</script>`;

const plain = "Why does this pandas code fail?";

/** Pastes into the body what somebody has copied from a page. */
async function paste(page: Page, html: string): Promise<void> {
  await page.evaluate(
    async ([rich = "", text = ""]) => {
      const blob = (content: string, type: string) => new Blob([content], { type });
      const item = new ClipboardItem({ "text/html": blob(rich, "text/html"), "text/plain": blob(text, "text/plain") });
      await navigator.clipboard.write([item]);
    },
    [html, plain],
  );
  await page.getByRole("textbox", { name: "Body" }).press("Control+V");
}

test("a question copied from a page keeps its code, and nothing that could do harm", async ({
  page,
  checkAccessibility,
}) => {
  await page.goto("/");
  await paste(page, copied);
  const body = page.getByRole("textbox", { name: "Body" });
  await expect(body).toHaveValue(/<pre><code>for x in rows:\n {4}print\(x &lt; 3\)<\/code><\/pre>/);
  await expect(body).toHaveValue(
    /<p>Why does <strong>this<\/strong> <a href="https:\/\/pandas.pydata.org">pandas<\/a>/,
  );
  await expect(body).not.toHaveValue(/script|onerror|style|class|hacked/);
  await expect(page.getByRole("status").filter({ hasText: "Pasted with its paragraphs and code" })).toBeVisible();

  await page.getByText("Preview of the body").click();
  const preview = page.getByRole("region", { name: "Preview of the body" });
  await expect(preview.getByRole("code")).toHaveText("for x in rows:\n    print(x < 3)");
  await checkAccessibility();

  await page.getByRole("button", { name: "Use the plain text instead" }).click();
  await expect(body).toHaveValue(plain);
});

test("what is typed as HTML is shown in the preview, and never run", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Body" }).fill(copied);
  await page.getByText("Preview of the body").click();
  await expect(page.getByRole("region", { name: "Preview of the body" })).toContainText(
    "Why does this pandas code fail?",
  );
  await expect(page).toHaveTitle(/^Tagsmith/);
  await expect(page.getByRole("region", { name: "Preview of the body" }).getByRole("img")).toHaveCount(0);
});

test("plain text is pasted as it is, and the browser's undo takes a paste back", async ({ page }) => {
  await page.goto("/");
  const body = page.getByRole("textbox", { name: "Body" });
  await paste(page, plain);
  await expect(body).toHaveValue(plain);
  await body.fill("");
  await paste(page, copied);
  await expect(body).toHaveValue(/<pre>/);
  await body.press("Control+Z");
  await expect(body).toHaveValue("");
});
