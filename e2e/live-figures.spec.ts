import type { APIRequestContext, Page } from "@playwright/test";
import { adminVariables, signIn } from "./admin.ts";
import { freePort, startSystem, startWeb } from "./process.ts";
import { expect, test } from "./system.ts";

const ask = (request: APIRequestContext, api: string, data: object) => request.post(`${api}/api/v1/predict`, { data });

/** A row of a panel's table, by what it begins with. */
const row = (page: Page, panel: string, name: RegExp) =>
  page.getByRole("region", { name: panel, exact: true }).getByRole("row", { name });

test.slow(); // each of these starts a system of its own

test("the figures move while questions are asked, without anybody's doing", async ({
  page,
  request,
  dataDir,
  checkAccessibility,
}) => {
  await using system = startSystem(dataDir, adminVariables());
  const api = await system.prints(/inference +(http:\S+)/);
  await signIn(page, await system.prints(/web +(http:\S+)/));
  await expect(page.getByText("No tag has been given yet.")).toBeVisible();

  for (let asked = 0; asked < 3; asked++) await ask(request, api, { title: "How do I merge two dicts in Python?" });
  await ask(request, api, {});

  await expect(row(page, "Predictions by tag", /^python 3\b/)).toBeVisible();
  await expect(row(page, "Answers by status", /^200 3\b/)).toBeVisible();
  await expect(row(page, "Answers by status", /^422 1\b/)).toBeVisible();
  await expect(page.getByRole("img", { name: /^Requests per second: All now/ })).toBeVisible();
  await expect(page.getByRole("img", { name: /too few answers to tell a drift/ })).toBeVisible();
  await checkAccessibility();
  await page.close();
});

test("every picture is there as a table, too", async ({ page, request, dataDir, checkAccessibility }) => {
  await using system = startSystem(dataDir, adminVariables());
  const api = await system.prints(/inference +(http:\S+)/);
  await signIn(page, await system.prints(/web +(http:\S+)/));
  await ask(request, api, { title: "How do I merge two dicts in Python?" });
  await expect(row(page, "Predictions by tag", /^python 1\b/)).toBeVisible();
  for (const name of ["Requests per second", "Latency", "Queue", "Confidence drift"]) {
    const panel = page.getByRole("region", { name, exact: true });
    // Larger text takes more room beside the axis than there is in the picture.
    await expect(panel.getByRole("img")).toHaveCSS("overflow", "visible");
    await panel.getByText("The same as a table").click();
    await expect(panel.getByRole("table")).toBeVisible();
  }
  await expect(row(page, "Confidence drift", /^90-100 % 1 /)).toBeVisible();
  await checkAccessibility();
  await page.setViewportSize({ width: 360, height: 800 });
  await checkAccessibility();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.close();
});

test("while the service is away the page says so, and shows figures once it is back", async ({ page, dataDir }) => {
  const port = freePort();
  await using web = startWeb(`http://127.0.0.1:${port}`, adminVariables());
  await signIn(page, await web.address());
  await expect(page.getByRole("status")).toContainText("The figures can’t be reached");
  await using system = startSystem(dataDir, { INFERENCE_PORT: String(port) });
  await system.prints(/inference +(http:\S+)/);
  await expect(page.getByRole("heading", { name: "Requests per second" })).toBeVisible();
  await page.close();
});

test("a gateway that answers in the server's place is no news of the service", async ({ page }) => {
  await using web = startWeb("http://127.0.0.1:1", adminVariables());
  await signIn(page, await web.address());
  await page.route("**/dashboard/serving", (route) => route.fulfill({ contentType: "text/html", body: "<p>Log in" }));
  await page.getByRole("link", { name: "Models" }).click();
  await expect(page.getByText("This server can’t be reached: it is asked again.")).toBeVisible();
  await page.close();
});

test("a page that nobody sees asks nothing, and asks at once when it is seen again", async ({ page }) => {
  await using web = startWeb("http://127.0.0.1:1", adminVariables());
  await page.clock.install();
  await signIn(page, await web.address());
  const show = (hidden: boolean) =>
    page.evaluate((isHidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, value: isHidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await show(true);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.clock.runFor(60_000);
  expect(asked).toEqual([]);
  await show(false);
  await expect.poll(() => asked).toContainEqual(expect.stringContaining("/dashboard/figures"));
  await page.close();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the same figures are there when the page is loaded", async ({ page, request, dataDir }) => {
    await using system = startSystem(dataDir, adminVariables());
    const api = await system.prints(/inference +(http:\S+)/);
    const web = await system.prints(/web +(http:\S+)/);
    await signIn(page, web);
    await ask(request, api, { title: "How do I merge two dicts in Python?" });
    await expect(async () => {
      await page.reload();
      await expect(row(page, "Predictions by tag", /^python 1\b/)).toBeVisible({ timeout: 100 });
    }).toPass();
    await expect(page.getByRole("img", { name: /^Requests per second/ })).toBeVisible();
  });
});
