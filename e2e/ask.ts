import type { Page } from "playwright";

export const question = {
  title: "How do I merge two dictionaries in a single expression in Python?",
  body: "<p>I have two dicts:</p><pre><code>x = {'a': 1}\ny = {'b': 2}</code></pre><p>and want one.</p>",
};

/**
 * The journey that the site is for: somebody pastes a question and gets its tags. The tests go it, and so does the canary,
 * which has Playwright's pages but not its `expect`.
 * @returns the tag that the question must have, with its confidence.
 * @throws {Error} of Playwright, where the page doesn't come, can't be used or shows other tags.
 */
export async function askForTags(page: Page): Promise<string> {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill(question.title);
  await page.getByRole("textbox", { name: "Body" }).fill(question.body);
  await page.getByRole("button", { name: "Suggest tags" }).click();
  const tags = page.getByRole("list", { name: "Suggested tags" }).getByRole("listitem");
  return tags.filter({ hasText: /^python\b/ }).innerText();
}
