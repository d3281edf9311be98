import { startWeb } from "./process.ts";
import { ScriptedService } from "./scripted-service.ts";
import { expect, test } from "./system.ts";

const title = "How do I center a div with CSS?";

test("an overloaded service is given the time that it asked for, then the question is asked again by itself", async ({
  page,
  complaints,
  checkAccessibility,
}) => {
  complaints.expected.push(/status of 429/);
  await using service = new ScriptedService();
  await using web = startWeb(await service.start());
  service.refuse(429, "overloaded", 20);
  await page.goto(await web.address());
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await expect(page.getByRole("alert")).toContainText("Too many questions at once");
  await expect(page.getByRole("timer")).toContainText(/Trying again in \d+ s/);
  await checkAccessibility();

  service.refuse(429, "overloaded", 1);
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("timer")).toContainText("in 1 s");
  service.letThrough();
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.close();
});

test("a firewall that has counted too many requests is waited for, as a busy service is", async ({
  page,
  complaints,
}) => {
  complaints.expected.push(/status of 429/);
  await page.route("**/suggest", (route) => route.fulfill({ status: 429, contentType: "text/html", body: "" }));
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await expect(page.getByRole("alert")).toContainText("Too many questions at once");
  await page.unroute("**/suggest");
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
});

test("nobody is told to type what is being read", async ({ page }) => {
  await using service = new ScriptedService();
  await using web = startWeb(await service.start());
  const release = service.hold();
  await page.goto(await web.address());
  const answer = page.getByRole("region", { name: "Answer" });
  await expect(answer).toContainText("Type a title");
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await expect(answer).toContainText("Reading your question");
  await expect(answer).not.toContainText("Type a title");
  release();
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  await page.close();
});

test("a button that goes while it has the keyboard’s focus leaves it to the answer", async ({ page, complaints }) => {
  complaints.expected.push(/status of 503/);
  await page.route("**/suggest", (route) => route.fulfill({ status: 503, body: "" }));
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  const answer = page.getByRole("region", { name: "Answer" });
  const stop = page.getByRole("button", { name: "Stop trying" });
  await stop.press("Enter");
  await expect(stop).toHaveCount(0);
  await expect(answer).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Try now" })).toBeFocused();

  await page.unroute("**/suggest");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  await expect(answer).toBeFocused();
});

test("the visitor stops the trying, and the question stays", async ({ page, complaints }) => {
  complaints.expected.push(/status of 503/);
  await using service = new ScriptedService();
  await using web = startWeb(await service.start());
  service.refuse(503, "not_ready", 20);
  await page.goto(await web.address());
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await expect(page.getByRole("alert")).toContainText("The model isn’t loaded yet");
  await page.getByRole("button", { name: "Stop trying" }).click();
  await expect(page.getByRole("timer")).toHaveCount(0);
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue(title);

  service.letThrough();
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  await page.close();
});

test("a slow answer is said to be slow, and comes", async ({ page }) => {
  await using service = new ScriptedService();
  await using web = startWeb(await service.start());
  const release = service.hold();
  await page.goto(await web.address());
  // Readers of the screen tell what comes into a place that they know of already.
  await expect(page.getByRole("region", { name: "Answer" }).getByRole("status")).toHaveCount(1);
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  const slow = page.getByText("The service is slow to answer");
  await expect(slow).toBeVisible();
  // Readers of the screen keep what they would say of a busy part to themselves.
  expect(await slow.evaluate((status) => status.closest("[aria-busy=true]"))).toBeNull();
  release();
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  await expect(slow).toHaveCount(0);
  await page.close();
});

test("an answer that never comes is given up, and asked for again", async ({ page, complaints }) => {
  complaints.expected.push(/status of 504/);
  await using service = new ScriptedService();
  await using web = startWeb(await service.start());
  service.hold();
  await page.goto(await web.address());
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await expect(page.getByRole("alert")).toContainText("The answer took too long");
  service.letThrough();
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  await page.close();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page says so and keeps the question", async ({ page, complaints }) => {
    complaints.expected.push(/status of 429/);
    await using service = new ScriptedService();
    await using web = startWeb(await service.start());
    service.refuse(429, "overloaded", 7);
    await page.goto(await web.address());
    await page.getByRole("textbox", { name: "Title" }).fill(title);
    await page.getByRole("button", { name: "Suggest tags" }).click();
    await expect(page.getByRole("alert")).toContainText("in 7 seconds");
    await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue(title);
    await page.close();
  });
});
