import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Program } from "./process.ts";
import { choose, download, idsIn, idsTo, patiently, questions, save } from "./questions-file.ts";
import { expect, test } from "./system.ts";

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

test("on a phone, a long name of a file breaks within its panel", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/bulk");
  await choose(page, "stackoverflow_questions_export_2026_11_26_final.csv", questions(1));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test("on a phone, a reason that names a long column breaks within its panel", async ({ page, complaints }) => {
  complaints.expected.push(/status of 422/);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/bulk");
  await choose(page, "questions.csv", `${"id_".repeat(60)}\n1\n`);
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("alert")).toContainText("id_id_id");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
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
    await page.setViewportSize({ width: 320, height: 640 });
    await choose(page, "questions.csv", `name,${"id_".repeat(60)}\nx\n`);
    await page.getByRole("button", { name: "Tag the file" }).click();
    const file = page.getByLabel("File", { exact: true });
    await expect(file).toHaveAccessibleDescription(/must name the columns/);
    await expect(file).toBeFocused();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});
