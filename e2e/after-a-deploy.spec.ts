import type { Page } from "@playwright/test";
import { choose, questions } from "./questions-file.ts";
import { expect, test } from "./system.ts";

/** As a page finds it that was open before a deploy: the server has the scripts of other pages under other names. */
async function loseScripts(page: Page, name: string): Promise<void> {
  await page.route(`**/assets/${name}-*.js`, (route) => route.fulfill({ status: 404 }), { times: 1 });
}

const complaintsOfRemix = [/status of 404/, /Error loading route module/, /Failed to fetch dynamically/];

test("a page that was open before a deploy leads to where its links say, and keeps the text", async ({
  page,
  complaints,
}) => {
  complaints.expected.push(...complaintsOfRemix);
  await page.goto("/", { waitUntil: "networkidle" });
  await page.getByRole("textbox", { name: "Title" }).fill("How do I center a div?");
  await loseScripts(page, "about");
  await page.getByRole("link", { name: "About" }).click();
  await expect(page.getByRole("heading", { name: "About the model" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("How do I center a div?");
});

test("whoever agreed to leave a result is not asked a second time", async ({ page, complaints }) => {
  complaints.expected.push(...complaintsOfRemix);
  await page.goto("/bulk", { waitUntil: "networkidle" });
  await choose(page, "questions.csv", questions(2));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toBeVisible();
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await loseScripts(page, "about");
  const device = await page.context().newCDPSession(page);
  await device.send("Emulation.setCPUThrottlingRate", { rate: 12 }); // slower than the answer that the script is missing
  await page.getByRole("link", { name: "About" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { name: "About the model" })).toBeVisible();
  expect(asked).toEqual([]);
});
