import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { freePort, Program, startInference, startWeb } from "./process.ts";
import { addresses, expect, test } from "./system.ts";

const subjects = ["python", "javascript", "css", "sql", "java"];
const titleOf = (row: number) => `${row}: how do I sort a list in ${subjects[row % subjects.length] ?? ""}?`;

/** Rows of a few hundred bytes, with all that makes CSV hard. */
function questions(count: number): string {
  const body = `"<p>My code, it says ""no"":</p>\r\n<pre><code>${"x = sort(y)\n".repeat(20)}</code></pre>"`;
  return `\ufeffid,body,title\r\n${Array.from({ length: count }, (_, row) => `${row},${body},${titleOf(row)}\r\n`).join("")}`;
}

/** A result's rows: what each starts with, where our columns begin, and that nothing came twice. */
const idsIn = (text: string) => [...text.matchAll(/^(\d+),"/gm)].map(([, id]) => Number(id));
const idsTo = (count: number) => Array.from({ length: count }, (_, row) => row);

/** So many rows take a busy machine longer than a click does. */
const patiently = { timeout: 60_000 };

async function choose(page: Page, name: string, text: string): Promise<void> {
  await page
    .getByLabel("File", { exact: true })
    .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
}

async function download(page: Page, act: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

const save = (page: Page) => download(page, () => page.getByRole("link", { name: "Download the result" }).click());

test("someone uploads ten thousand questions and gets the file back with tags", async ({
  page,
  checkAccessibility,
}) => {
  test.slow();
  await page.goto("/");
  await page.getByRole("link", { name: "Bulk" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tag a whole file" })).toBeVisible();
  await checkAccessibility();
  await choose(page, "questions.csv", questions(10_000));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("progressbar", { name: "Tagged" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toContainText(
    "10,000 rows in all",
    patiently,
  );
  await checkAccessibility();
  const { name, text } = await save(page);
  expect(name).toBe("questions-tagged.csv");
  expect(idsIn(text)).toEqual(idsTo(10_000));
  expect(text).toMatch(/^\ufeffid,body,title,suggested_tags,confidences,error,model\r\n/);
  expect(text).toMatch(
    /,5: how do I sort a list in python\?,[^,]*python[^,]*,0\.\d+[^,]*,,stackoverflow-tags@[\d.]+\r\n/,
  );
});

test("rows that can't be tagged are listed with their field and reason; the others are tagged", async ({
  page,
  checkAccessibility,
}) => {
  await page.goto("/bulk");
  await choose(page, "some.jsonl", '{"title":"Sort a list in python"}\nnonsense\n{"title":"  "}\n');
  await page.getByRole("button", { name: "Tag the file" }).click();
  const faults = page.getByRole("table", { name: "Rows without tags" }).getByRole("row");
  await expect(faults.nth(1)).toHaveText("2the rowThis line is not a JSON object.");
  await expect(faults.nth(2)).toHaveText("3titleGive your question a title.");
  await checkAccessibility();
  const { name, text } = await save(page);
  expect(name).toBe("some-tagged.jsonl");
  expect(
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object),
  ).toEqual([
    {
      title: "Sort a list in python",
      suggested_tags: expect.arrayContaining(["python"]) as string[],
      confidences: expect.arrayContaining([expect.any(Number)]) as number[],
      error: "",
      model: expect.stringMatching(/^stackoverflow-tags@/),
    },
    {
      line: "nonsense",
      suggested_tags: [],
      confidences: [],
      error: "Row 2: This line is not a JSON object.",
      model: "",
    },
    { title: "  ", suggested_tags: [], confidences: [], error: "Row 3, title: Give your question a title.", model: "" },
  ]);
});

test("a connection that breaks costs nothing: it goes on where it stopped", async ({ page, complaints }) => {
  test.slow();
  complaints.expected.push(/ERR_CONNECTION_RESET/);
  let sent = 0;
  await page.route("**/bulk/slice", (route) => (++sent % 3 === 0 ? route.abort("connectionreset") : route.fallback()));
  await page.goto("/bulk");
  await choose(page, "questions.csv", questions(4_000));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Nothing is lost" })).toBeVisible(patiently);
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toContainText(
    "4,000 rows in all",
    patiently,
  );
  expect(idsIn((await save(page)).text)).toEqual(idsTo(4_000));
});

test("the service is killed in the middle of a file and started again: every row is tagged once", async ({
  page,
  complaints,
}) => {
  test.slow();
  complaints.expected.push(/status of 503/);
  const port = await freePort();
  await using web = startWeb(`http://127.0.0.1:${port}`);
  const site = await web.address();
  await using first = startInference(port, addresses.s3);
  await first.prints(/model ready/);
  let sent = 0;
  await page.route("**/bulk/slice", async (route) => {
    sent += 1;
    if (sent === 3) {
      first.signal("SIGKILL");
      await first.exitCode();
    }
    await route.fallback();
  });
  await page.goto(`${site}/bulk`);
  await choose(page, "questions.csv", questions(4_000));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The tagging service can’t be reached" })).toBeVisible(
    patiently,
  );

  await using second = startInference(port, addresses.s3);
  await second.prints(/model ready/);
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toContainText(
    "4,000 rows in all",
    patiently,
  );
  await expect(page.getByRole("table")).toHaveCount(0);
  expect(idsIn((await save(page)).text)).toEqual(idsTo(4_000));
  await page.close();
});

test("of a file that breaks after its first row, that row can be downloaded", async ({ page }) => {
  const json = { text: "title\r\nx\r\n", rows: 1, faults: [], consumedBytes: 8, cursor: "", isBroken: true };
  await page.route("**/bulk/slice", (route) => route.fulfill({ json }));
  await page.goto("/bulk", { waitUntil: "networkidle" });
  await choose(page, "questions.csv", questions(2));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is not done" })).toContainText("The first row can");
  expect((await save(page)).text).toBe("title\r\nx\r\n");
});

test("on a phone, a long name of a file breaks within its panel", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/bulk");
  await choose(page, "stackoverflow_questions_export_2026_11_26_final.csv", questions(1));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test("cancelling keeps what was tagged so far", async ({ page }) => {
  let sent = 0;
  const isHeld = new Promise<void>((resolve) => {
    void page.route("**/bulk/slice", async (route) => {
      if (++sent < 3) await route.fallback();
      else resolve(); // and nobody answers it
    });
  });
  await page.goto("/bulk");
  await choose(page, "questions.csv", questions(4_000));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await isHeld;
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is not done" })).toBeVisible();
  const ids = idsIn((await save(page)).text);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids).toEqual(idsTo(ids.length));
});

/** How the firewall refuses an address that sends too much: with nothing but the status. */
const tooMany = { status: 429, contentType: "text/html", body: "" };

test("a firewall that has counted too many requests is waited for, and is not taken for a broken answer", async ({
  page,
  complaints,
}) => {
  complaints.expected.push(/status of 429/);
  await page.route("**/bulk/slice", (route) => route.fulfill(tooMany));
  await page.goto("/bulk");
  await choose(page, "questions.csv", questions(2));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Nothing is lost" })).toContainText("Too many questions");
  await page.unroute("**/bulk/slice");
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toBeVisible();
});

for (const name of ["Cancel", "Try now", "Stop trying"]) {
  test(`the keyboard’s way goes on within the file’s panel when “${name}” goes`, async ({ page, complaints }) => {
    complaints.expected.push(/status of 429/);
    await page.route("**/bulk/slice", (route) => route.fulfill(tooMany));
    await page.goto("/bulk");
    await choose(page, "questions.csv", questions(2));
    await page.getByRole("button", { name: "Tag the file" }).click();
    const button = page.getByRole("button", { name });
    await expect(button).toBeVisible();
    await page.unroute("**/bulk/slice");
    await button.press("Enter");
    await expect(button).toHaveCount(0);
    await expect(page.getByRole("heading", { name: "questions.csv" })).toBeFocused();
  });
}

test("a result that nobody has saved is not left without being asked, and a saved one is", async ({ page }) => {
  await page.goto("/bulk");
  await choose(page, "questions.csv", questions(2));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toBeVisible();
  const about = page.getByRole("link", { name: "About" });
  const dialog = page.getByRole("alertdialog", { name: "Leave without the result?" });
  await about.press("Enter");
  await expect(dialog).toContainText("questions.csv");
  await page.keyboard.press("Escape");
  await expect(about).toBeFocused();
  const asked = page.waitForEvent("dialog");
  const closed = page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await Promise.all([question.dismiss(), closed]);

  await save(page);
  await about.click();
  await expect(page.getByRole("heading", { name: "About the model" })).toBeFocused();
});

test("nor does another file take its place", async ({ page, checkAccessibility }) => {
  await page.goto("/bulk");
  const done = page.getByRole("status").filter({ hasText: "The file is done" });
  const tag = page.getByRole("button", { name: "Tag the file" });
  await choose(page, "first.csv", questions(2));
  await tag.click();
  await expect(done).toBeVisible();
  await choose(page, "second.csv", questions(3));
  await tag.click();
  const dialog = page.getByRole("alertdialog", { name: "Begin without the result?" });
  await expect(dialog).toContainText("first.csv");
  await checkAccessibility();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect((await save(page)).name).toBe("first-tagged.csv");
  await tag.click();
  await expect(done).toContainText("3 rows in all");
  await choose(page, "third.csv", questions(4));
  await tag.click();
  await dialog.getByRole("button", { name: "Begin" }).click();
  await expect(done).toContainText("4 rows in all");
});

test("whoever leaves a file that is still being tagged is asked, and may, by the Back button, too", async ({
  page,
  checkAccessibility,
}) => {
  await page.goto("/", { waitUntil: "networkidle" });
  await page.getByRole("link", { name: "Bulk" }).click();
  await page.route("**/bulk/slice", () => undefined); // and nobody answers it
  await choose(page, "questions.csv", questions(2));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
  await page.evaluate(() => history.back());
  const dialog = page.getByRole("alertdialog", { name: "Leave without the result?" });
  await expect(dialog).toBeVisible();
  await checkAccessibility();
  await dialog.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { name: "Which tags fit your question?" })).toBeFocused();
});

test("a file that is dropped anywhere on the page is chosen", async ({ page }) => {
  await page.goto("/bulk", { waitUntil: "networkidle" });
  const isTaken = await page.getByRole("contentinfo").evaluate((place) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["title\nSort a list in Python\n"], "dropped.csv"));
    const events = ["dragover", "drop"].map(
      (type) => new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
    );
    return events.map((event) => !place.dispatchEvent(event));
  });
  expect(isTaken).toEqual([true, true]);
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("region", { name: "dropped.csv" })).toContainText("The file is done");
});

test("the example for the terminal works as it stands", async ({ page }, info) => {
  await page.goto("/bulk");
  const command = await page.getByRole("figure", { name: "From a terminal" }).getByRole("code").innerText();
  const folder = info.outputPath("curl");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "questions.csv"), questions(1_000));
  await using program = new Program(["bash", "-ec", command], {}, folder);
  expect(await program.exitCode(), program.output).toBe(0);
  expect(idsIn(await readFile(join(folder, "tagged.csv"), "utf8"))).toEqual(idsTo(1_000));
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the form answers with the result as a file", async ({ page }) => {
    await page.goto("/bulk");
    await choose(page, "questions.csv", questions(1_000));
    const { name, text } = await download(page, () => page.getByRole("button", { name: "Tag the file" }).click());
    expect(name).toBe("questions-tagged.csv");
    expect(idsIn(text)).toEqual(idsTo(1_000));
  });

  test("a file that can't be read brings the page back, which says why", async ({ page, complaints }) => {
    complaints.expected.push(/status of 422/);
    await page.goto("/bulk");
    await choose(page, "questions.csv", "name\nx\n");
    await page.getByRole("button", { name: "Tag the file" }).click();
    const file = page.getByLabel("File", { exact: true });
    await expect(file).toHaveAccessibleDescription(/must name the columns/);
    await expect(file).toBeFocused();
  });
});
