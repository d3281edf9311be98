import { expect, test } from "./system.ts";

/** Puts each text into an element of its own, as browsers' translators do, now and whenever one comes. */
function translate(): void {
  const texts = (root: Node) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    while (walker.nextNode()) if (walker.currentNode instanceof Text) found.push(walker.currentNode);
    return found;
  };
  const replace = (text: Text) => {
    const left = "[translate=no], textarea, option, script, style, data";
    if (text.data.trim() === "" || !text.parentElement || text.parentElement.closest(left)) return;
    const translated = document.createElement("data");
    translated.textContent = `¿${text.data}?`;
    text.replaceWith(translated);
  };
  texts(document.body).forEach(replace);
  new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) texts(node).forEach(replace);
  }).observe(document.body, { childList: true, subtree: true });
}

test("a page that the browser translates keeps its tags and code, and goes on saying what is chosen", async ({
  page,
}) => {
  await page.goto("/?example=1", { waitUntil: "networkidle" });
  await page.evaluate(translate);
  const options = page.locator("summary", { hasText: "¿Options:?" });
  await options.click();
  await page.getByRole("combobox").selectOption("1");
  await expect(options).toContainText("one tag");
  await expect(options).not.toContainText("at most 5 tags");

  await expect(page.getByText("pandas", { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "Why pandas?" }).click();
  const marked = page.getByRole("region", { name: "The question, with these words marked" });
  await expect(marked).toContainText("pandas");
  await expect(marked).not.toContainText("¿");

  await page.goto("/developers", { waitUntil: "networkidle" });
  await page.evaluate(translate);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("¿");
  await expect(page.getByRole("region", { name: "Example in curl" })).not.toContainText("¿");
});

test("a file keeps its name on a page that the browser translates", async ({ page }) => {
  await page.goto("/bulk", { waitUntil: "networkidle" });
  await page.evaluate(translate);
  const buffer = Buffer.from("title\nSort a list in Python\n");
  await page.getByLabel("¿File?").setInputFiles({ name: "questions.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("heading", { name: "questions.csv", exact: true })).toBeVisible();
});
