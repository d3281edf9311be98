import { startWeb } from "./process.ts";
import { ScriptedService } from "./scripted-service.ts";
import { expect, test } from "./system.ts";

const tags = { name: "Suggested tags" };

test("tags follow the text while it is typed, without taking the focus or being read aloud", async ({ page }) => {
  await page.goto("/");
  const title = page.getByRole("textbox", { name: "Title" });
  await title.pressSequentially("How do I merge two dictionaries in Python");
  await expect(page.getByRole("list", tags)).toContainText("python");
  await expect(title).toBeFocused();
  for (const status of await page.getByRole("status").all()) await expect(status).not.toContainText("python");

  await title.fill("How do I center a div with CSS?");
  await expect(page.getByRole("list", tags)).toContainText("css");
  await expect(page.getByRole("list", tags)).not.toContainText("python");

  await title.fill("");
  await expect(page.getByRole("list", tags)).toHaveCount(0);
});

test("who asks and then types on keeps the focus when the answer comes", async ({ page }) => {
  await using service = new ScriptedService();
  await using web = startWeb(await service.start());
  const release = service.hold();
  await page.goto(await web.address(), { waitUntil: "networkidle" });
  await page.getByRole("textbox", { name: "Title" }).fill("How do I merge two dictionaries in Python");
  await page.keyboard.press("Enter");
  const body = page.getByRole("textbox", { name: "Body" });
  await body.pressSequentially("Without a loop");
  release();
  await expect(page.getByRole("list", tags)).toContainText("python");
  await expect(body).toBeFocused();
  await page.close();
});

test("a wording that was answered before is not sent again", async ({ page }) => {
  const sent: string[] = [];
  page.on("request", (request) => request.url().endsWith("/suggest") && sent.push(request.postData() ?? ""));
  await page.goto("/");
  const title = page.getByRole("textbox", { name: "Title" });
  await title.fill("How do I center a div with CSS?");
  await expect(page.getByRole("list", tags)).toContainText("css");
  await title.fill("How do I parse XML in Java?");
  await expect(page.getByRole("list", tags).getByRole("button", { name: "Copy java", exact: true })).toBeVisible();
  await title.fill("How do I center a div with CSS?");
  await expect(page.getByRole("list", tags)).toContainText("css");
  expect(sent).toHaveLength(2);
});

test("the number of tags and the threshold are set by the visitor, and remembered", async ({ page }) => {
  await page.goto("/?example=1");
  const listed = page.getByRole("list", tags).getByRole("listitem");
  await expect(listed).not.toHaveCount(1);
  await page.getByText("Options:").click();
  await page.getByLabel("Number of tags at most").selectOption("1");
  await expect(listed).toHaveCount(1);
  await page.getByRole("slider", { name: "Least confidence" }).fill("5");
  await page.getByLabel("Number of tags at most").selectOption("10");
  const shares = async () => (await listed.allInnerTexts()).map((text) => Number(/(\d+) %/.exec(text)?.[1]));
  expect(Math.min(...(await shares()))).toBeGreaterThanOrEqual(5);
  await page.getByRole("slider", { name: "Least confidence" }).fill("95");
  await expect.poll(async () => Math.min(...(await shares()), 100)).toBeGreaterThanOrEqual(95);

  await page.reload();
  await expect(page.getByText("Options: at least 95 % sure, at most 10 tags")).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the options are sent with the form", async ({ page }) => {
    await page.goto("/?example=1");
    await page.getByText("Options:").click();
    await page.getByLabel("Number of tags at most").selectOption("1");
    await page.getByRole("button", { name: "Suggest tags" }).click();
    await expect(page.getByRole("list", tags).getByRole("listitem")).toHaveCount(1);
    await expect(page.getByText(/^Options: .*one tag$/)).toBeVisible();
  });
});
