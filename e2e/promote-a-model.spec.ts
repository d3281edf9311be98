import type { APIRequestContext } from "@playwright/test";
import { signIn } from "./admin.ts";
import { expect, test } from "./system.ts";
import { systemWithTwoModels } from "./two-models.ts";

const shipped = /^stackoverflow-tags@/;

const served = async (request: APIRequestContext, api: string) =>
  ((await (await request.get(`${api}/api/v1/models`)).json()) as { name: string }).name;

test.slow(); // each of these starts a system of its own and has it load models

test("the admin promotes a model and rolls back by keyboard, and the service follows each time", async ({
  page,
  request,
  dataDir,
  checkAccessibility,
}) => {
  await using system = await systemWithTwoModels(dataDir);
  await signIn(page, system.web);
  await page.getByRole("link", { name: "Models" }).click();
  const inUse = page.getByRole("region", { name: "In use", exact: true });
  await expect(inUse).toContainText("was promoted by a deployment");
  const promote = page.getByRole("button", { name: "Promote my-tags@1.0.0" });
  const dialog = page.getByRole("alertdialog", { name: "Promote my-tags@1.0.0?" });

  await promote.press("Enter");
  await expect(dialog).toBeVisible();
  await checkAccessibility();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(promote).toBeFocused();
  await expect(inUse).toContainText("was promoted by a deployment");

  await promote.press("Enter");
  await dialog.getByRole("button", { name: "Promote" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Models" })).toBeFocused();
  await expect(inUse).toContainText(/my-tags@1\.0\.0 was promoted by Ada on .* UTC/);
  await expect(inUse).toContainText("The service answers with my-tags@1.0.0.");
  expect(await served(request, system.api)).toBe("my-tags");
  await checkAccessibility();

  await page.getByRole("button", { name: /^Roll back to stackoverflow-tags@/ }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Roll back" }).press("Enter");
  await expect(inUse).toContainText(/stackoverflow-tags@\S+ was promoted by Ada on/);
  await expect(inUse).toContainText("The service answers with stackoverflow-tags@");
  expect(await served(request, system.api)).toBe("stackoverflow-tags");
  await expect(page.getByRole("button", { name: /^Roll back/ })).toHaveCount(0);
  await page.goto(`${system.web}/dashboard/models/confirm?intent=promote&name=my-tags&version=1.0.0&seen=`);
  await checkAccessibility(); // of the page that asks whoever has no scripts
  await page.close();
});

test("a decision that nobody answers leaves the page, which says so, and can be made again", async ({
  page,
  complaints,
  dataDir,
}) => {
  complaints.expected.push(/ERR_INTERNET_DISCONNECTED/);
  await using system = await systemWithTwoModels(dataDir);
  await signIn(page, system.web);
  await page.getByRole("link", { name: "Models" }).click();
  const promote = page.getByRole("button", { name: "Promote my-tags@1.0.0" });
  const confirm = page.getByRole("alertdialog").getByRole("button", { name: "Promote" });
  await promote.click();
  await page.context().setOffline(true);
  await confirm.click();
  await expect(page.getByRole("alert")).toContainText("Nobody knows whether anything was changed");
  await page.context().setOffline(false);
  await promote.click();
  await confirm.click();
  await expect(page.getByRole("region", { name: "In use", exact: true })).toContainText("was promoted by Ada");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.close();
});

test("so does the page that asks whoever had no scripts yet", async ({ page, complaints, dataDir }) => {
  complaints.expected.push(/ERR_INTERNET_DISCONNECTED/, /status of 409/);
  await using system = await systemWithTwoModels(dataDir);
  await signIn(page, system.web);
  const confirm = `${system.web}/dashboard/models/confirm?intent=promote&name=my-tags&version=1.0.0&seen=`;
  await page.goto(confirm, { waitUntil: "networkidle" });
  const promote = page.getByRole("button", { name: "Promote" });
  await page.context().setOffline(true);
  await promote.click();
  await expect(page.getByRole("alert")).toContainText("Nobody knows whether anything was changed");
  await expect(page.getByRole("heading", { name: "Promote my-tags@1.0.0?" })).toBeVisible();
  await page.context().setOffline(false);
  await promote.click(); // it was decided on what nobody has seen
  await expect(page.getByRole("alert")).toContainText("Somebody else was faster");

  await page.goto(`${system.web}/dashboard/models`);
  const seen = await page.locator('[name="seen"]').first().inputValue();
  await page.goto(confirm + encodeURIComponent(seen), { waitUntil: "networkidle" });
  await promote.click();
  await expect(page.getByRole("region", { name: "In use", exact: true })).toContainText("was promoted by Ada");
  await page.close();
});

test("of two admins who decide at once the second one learns what the first one did", async ({
  page,
  context,
  complaints,
  dataDir,
}) => {
  complaints.expected.push(/status of 409/);
  await using system = await systemWithTwoModels(dataDir);
  await signIn(page, system.web, "Ada");
  await page.goto(`${system.web}/dashboard/models`);
  const other = await context.newPage();
  await other.goto(`${system.web}/dashboard/models`);

  await page.getByRole("button", { name: "Promote my-tags@1.0.0" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Promote" }).click();
  await expect(page.getByRole("region", { name: "In use", exact: true })).toContainText("was promoted by Ada");

  await other.getByRole("button", { name: "Promote my-tags@1.0.0" }).click();
  await other.getByRole("alertdialog").getByRole("button", { name: "Promote" }).click();
  await expect(other.getByRole("alert")).toContainText("Somebody else was faster");
  await expect(other.getByRole("alert")).toContainText("my-tags@1.0.0 is in use, promoted by Ada");
  await expect(other.getByRole("row", { name: shipped }).getByRole("button", { name: /^Promote/ })).toBeVisible();
  await other.close();
  await page.close();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a page of its own asks, and a promoted model serves", async ({ page, request, dataDir }) => {
    await using system = await systemWithTwoModels(dataDir);
    await signIn(page, system.web);
    await page.goto(`${system.web}/dashboard/models`);
    await page.getByRole("button", { name: "Promote my-tags@1.0.0" }).click();
    await expect(page.getByRole("heading", { name: "Promote my-tags@1.0.0?" })).toBeVisible();
    await page.getByRole("link", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Promote my-tags@1.0.0" }).click();
    await page.getByRole("button", { name: "Promote" }).click();
    await expect(page.getByRole("region", { name: "In use", exact: true })).toContainText(
      /my-tags@1\.0\.0 was promoted by Ada/,
    );
    await expect.poll(() => served(request, system.api)).toBe("my-tags");
  });
});
