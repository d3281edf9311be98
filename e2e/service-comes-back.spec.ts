import type { Route } from "@playwright/test";
import { freePort, startSystem, startWeb } from "./process.ts";
import { expect, test } from "./system.ts";

test("while the service is away the page says so, keeps the question, and answers it later", async ({
  page,
  complaints,
  checkAccessibility,
  dataDir,
}) => {
  complaints.expected.push(/status of 503/);
  const port = freePort();
  await using web = startWeb(`http://127.0.0.1:${port}`);
  await page.goto(await web.address());
  await page.getByRole("textbox", { name: "Title" }).fill("How do I center a div with CSS?");
  await page.getByRole("button", { name: "Suggest tags" }).click();
  await expect(page.getByRole("alert")).toContainText("can’t be reached");
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("How do I center a div with CSS?");
  await checkAccessibility();

  await using system = startSystem(dataDir, { INFERENCE_PORT: String(port) });
  await system.prints(/inference +(http:\S+)/);
  await page.getByRole("button", { name: "Suggest tags" }).click();

  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.close();
});

const noAnswers: Record<string, (route: Route) => Promise<void>> = {
  "that doesn't come": (route) => route.abort(),
  "in whose place a gateway's comes": (route) =>
    route.fulfill({ status: 502, contentType: "text/html", body: "<html><h1>502 Bad Gateway</h1></html>" }),
};

for (const [which, answer] of Object.entries(noAnswers)) {
  test(`a page ${which} is not said to have broken`, async ({ page, complaints }) => {
    complaints.expected.push(/ERR_FAILED/, /status of 502/, /^SyntaxError/);
    await page.goto("/", { waitUntil: "networkidle" });
    await page.route("**/about.data*", answer);
    await page.getByRole("link", { name: "About" }).click();
    await expect(page.getByRole("heading", { name: "The page did not come" })).toBeVisible();
    await expect(page).toHaveTitle(/The page did not come/);
    await page.unroute("**/about.data*");
    await page.getByRole("link", { name: "Bulk" }).click();
    await expect(page.getByRole("heading", { name: "Tag a whole file" })).toBeVisible();
    await page.getByRole("link", { name: "About" }).click();
    await expect(page.getByRole("heading", { name: "About the model" })).toBeVisible();
  });
}

test("without a connection a link leaves the page as it is, and leads on with the next try", async ({
  page,
  checkAccessibility,
}) => {
  await page.goto("/", { waitUntil: "networkidle" });
  const title = page.getByRole("textbox", { name: "Title" });
  await title.fill("How do I center a div with CSS?");
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  await page.context().setOffline(true);
  const notice = page.getByRole("status").filter({ hasText: "There is no connection" });
  for (const name of ["About", "Fill missing values with the median of each group in pandas"]) {
    await page.getByRole("link", { name }).click();
    await expect(notice).toBeInViewport();
    await expect(title).toHaveValue("How do I center a div with CSS?");
  }
  await checkAccessibility();
  await page.context().setOffline(false);
  await expect(notice).toHaveCount(0);
  await page.getByRole("link", { name: "About" }).click();
  await expect(page.getByRole("heading", { name: "About the model" })).toBeFocused();
});

test("the model card says so too, instead of breaking", async ({ page, complaints }) => {
  complaints.expected.push(/status of 503/);
  await using web = startWeb(`http://127.0.0.1:${freePort()}`);
  await page.goto(`${await web.address()}/about`, { waitUntil: "networkidle" });
  await expect(page.getByRole("alert")).toContainText("can’t be reached");
  await page.close(); // before the server that its scripts ask
});
