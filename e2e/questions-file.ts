import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";

const subjects = ["python", "javascript", "css", "sql", "java"];
const titleOf = (row: number) => `${row}: how do I sort a list in ${subjects[row % subjects.length] ?? ""}?`;

/** Rows of a few hundred bytes, with all that makes CSV hard. */
export function questions(count: number): string {
  const body = `"<p>My code, it says ""no"":</p>\r\n<pre><code>${"x = sort(y)\n".repeat(20)}</code></pre>"`;
  return `\ufeffid,body,title\r\n${Array.from({ length: count }, (_, row) => `${row},${body},${titleOf(row)}\r\n`).join("")}`;
}

/** A result's rows: what each starts with, where our columns begin, and that nothing came twice. */
export const idsIn = (text: string) => [...text.matchAll(/^(\d+),"/gm)].map(([, id]) => Number(id));
export const idsTo = (count: number) => Array.from({ length: count }, (_, row) => row);

/** So many rows take a busy machine longer than a click does. */
export const patiently = { timeout: 60_000 };

export async function choose(page: Page, name: string, text: string): Promise<void> {
  await page
    .getByLabel("File", { exact: true })
    .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
}

export async function download(page: Page, act: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

export const save = (page: Page) =>
  download(page, () => page.getByRole("link", { name: "Download the result" }).click());
