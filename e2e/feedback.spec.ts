import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { Program, startWeb } from "./process.ts";
import { addresses, expect, test } from "./system.ts";

interface Line {
  readonly question?: { readonly title: string };
  readonly accepted: readonly string[];
  readonly rejected: readonly string[];
  readonly added: readonly string[];
}

const bucket = "tagsmith-models";

/** Every line that is stored, as the training reads them. */
async function storedLines(): Promise<Line[]> {
  const listing = await (await fetch(`${addresses.s3}/${bucket}?list-type=2&prefix=feedback/`)).text();
  const keys = [...listing.matchAll(/<Key>(feedback\/date=\d{4}-\d\d-\d\d\/[^<]+\.jsonl)<\/Key>/g)].map(
    ([, key]) => key,
  );
  const texts = await Promise.all(keys.map(async (key) => (await fetch(`${addresses.s3}/${bucket}/${key}`)).text()));
  return texts.flatMap((text) => text.trimEnd().split("\n")).map((line) => JSON.parse(line) as Line);
}

async function askForTags(page: Page, title: string): Promise<void> {
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await page.getByRole("button", { name: "Suggest tags" }).click();
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("python");
  await page.getByText("Are these tags right?").click();
}

const judge = (page: Page, tag: string, as: RegExp) =>
  page.getByRole("group", { name: tag }).getByRole("radio", { name: as });

test("someone judges the tags by keyboard and lets the text be kept; the next training reads it", async ({
  page,
  checkAccessibility,
}, info) => {
  test.slow();
  const title = `How do I merge ${info.workerIndex + 7} dictionaries in Python?`;
  await page.goto("/");
  await askForTags(page, title);
  await judge(page, "python", /^Fits/).focus();
  await page.keyboard.press("Space");
  await page.getByRole("textbox", { name: "Missing tags" }).fill("Dictionary, merge");
  await page.getByRole("checkbox", { name: /Store my question’s text/ }).check();
  await checkAccessibility();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Thank you" })).toBeVisible();
  await expect(page.getByText("Are these tags right?")).toBeFocused();
  await checkAccessibility();

  const line = (await storedLines()).find(({ question }) => question?.title === title);
  expect(line).toMatchObject({ accepted: ["python"], rejected: [] });
  expect(line?.added).toContain("merge");
  const trained = await train(info.outputPath("training"));
  expect(trained).toMatch(/feedback: [1-9]\d* questions/);
});

test("without that wish no word of the question is stored", async ({ page }) => {
  await page.goto("/");
  await askForTags(page, "How to open a xylophone file in Python?");
  await judge(page, "python", /fit/).last().check();
  await page.getByRole("button", { name: "Send feedback" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Thank you" })).toBeVisible();
  const lines = await storedLines();
  expect(lines.some(({ rejected }) => rejected.includes("python"))).toBe(true);
  expect(JSON.stringify(lines)).not.toContain("xylophone");
});

test("when it can't be stored the page says so and keeps what was filled in", async ({ page, complaints }) => {
  test.slow();
  complaints.expected.push(/status of (422|503)/);
  const variables = { MODEL_BUCKET: bucket, AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
  await using web = startWeb(addresses.api, variables);
  await page.goto(await web.address());
  await askForTags(page, "How do I sort a list in Python?");
  await page.getByRole("button", { name: "Send feedback" }).click();
  await expect(page.getByRole("alert")).toContainText("Judge a tag or name a missing one first");
  await judge(page, "python", /^Fits/).check();
  await page.getByRole("button", { name: "Send feedback" }).click();
  await expect(page.getByRole("alert")).toContainText("could not be stored");
  await expect(judge(page, "python", /^Fits/)).toBeChecked();
  expect(web.output).not.toContain("sort a list");
  await page.close();
});

test("a connection that breaks takes neither the page nor what was filled in along", async ({ page, complaints }) => {
  complaints.expected.push(/ERR_INTERNET_DISCONNECTED/);
  await page.goto("/");
  await askForTags(page, "How do I reverse a list in Python?");
  await judge(page, "python", /^Fits/).check();
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Send feedback" }).click();
  await expect(page.getByRole("alert")).toContainText("could not be stored");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Send feedback" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Thank you" })).toBeVisible();
});

test("whoever sends too much is told when to send it again", async ({ page, complaints }) => {
  complaints.expected.push(/status of 429/);
  await page.route("**/feedback/send", (route) =>
    route.fulfill({ status: 429, json: { kind: "limited", retryAfterSeconds: 1 } }),
  );
  await page.goto("/");
  await askForTags(page, "How do I slice a list in Python?");
  await page.getByRole("button", { name: "Send feedback" }).click();
  await expect(page.getByRole("alert")).toContainText("Send it again in 1 second.");
});

test("a refusal goes while the form is sent again, so that the same one is seen and read aloud anew", async ({
  page,
  complaints,
}) => {
  complaints.expected.push(/status of 429/);
  const json = { kind: "limited", retryAfterSeconds: 1 };
  const answers: (() => Promise<void>)[] = [];
  await page.route("**/feedback/send", (route) => void answers.push(() => route.fulfill({ status: 429, json })));
  const answer = async () => {
    await expect.poll(() => answers.length).toBe(1);
    await answers.pop()?.();
  };
  await page.goto("/");
  await askForTags(page, "How do I slice a string in Python?");
  const send = page.getByRole("button", { name: "Send feedback" });
  await send.click();
  await answer();
  await expect(page.getByRole("alert")).toContainText("Too much feedback at once");
  await send.click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await answer();
  await expect(page.getByRole("alert")).toContainText("Too much feedback at once");
});

test("a form that is sent twice in a hurry is stored once", async ({ page }) => {
  await page.goto("/");
  await askForTags(page, "How do I copy a list in Python?");
  await page.getByRole("textbox", { name: "Missing tags" }).fill("hurried-twice");
  await page.getByRole("button", { name: "Send feedback" }).dblclick();
  await expect(page.getByRole("status").filter({ hasText: "Thank you" })).toBeVisible();
  expect((await storedLines()).filter(({ added }) => added.includes("hurried-twice"))).toHaveLength(1);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the same form does the same", async ({ page, complaints }) => {
    complaints.expected.push(/status of 422/);
    await page.goto("/");
    await askForTags(page, "How do I flatten a list of lists in Python?");
    await page.getByRole("button", { name: "Send feedback" }).click();
    await expect(page.getByRole("alert")).toContainText("Judge a tag or name a missing one first");
    await page.getByRole("textbox", { name: "Missing tags" }).fill("flatten-no-script");
    await page.getByRole("button", { name: "Send feedback" }).click();
    await expect(page.getByRole("status").filter({ hasText: "Thank you" })).toBeVisible();
    expect((await storedLines()).some(({ added }) => added.includes("flatten-no-script"))).toBe(true);
  });
});

/** Trains on a small set of questions and on all the feedback in the store; gives what the command printed. */
async function train(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const data = join(folder, "questions.jsonl");
  const question = (row: number, tag: string) =>
    JSON.stringify({ title: `How to do thing ${row} in ${tag}`, tags: [tag] });
  const lines = ["python", "css"].flatMap((tag) => Array.from({ length: 150 }, (_, row) => question(row, tag)));
  await writeFile(data, lines.join("\n"));
  const options = ["--data", data, "--feedback", `s3://${bucket}/feedback/`, "--out", join(folder, "bundle")];
  const command = ["npm", "run", "--silent", "train", "--", ...options] as const;
  await using program = new Program(command, { AWS_ENDPOINT_URL: addresses.s3 });
  expect(await program.exitCode(), program.output).toBe(0);
  return program.output;
}
