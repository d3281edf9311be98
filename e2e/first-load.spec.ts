import { expect, test } from "./system.ts";

const mostBytes = 120_000;

test("a first visit loads at most 120 kB of compressed JavaScript", async ({ page }) => {
  const loads: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    if (request.resourceType() === "script")
      loads.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto("/", { waitUntil: "networkidle" });
  const sizes = await Promise.all(loads);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(50_000); // all of React in less would mean that nothing was counted
  expect(bytes).toBeLessThanOrEqual(mostBytes);
});

test("what is chosen and typed before the page comes to life stays", async ({ page }) => {
  let comeToLife = () => {};
  const isLet = new Promise<void>((resolve) => (comeToLife = resolve));
  await page.route("**/assets/*.js", (route) => isLet.then(() => route.continue()));
  await page.goto("/", { waitUntil: "commit" });
  await page.getByText("Options:").click();
  await page.getByRole("radio", { name: "at least this sure" }).check();
  await page.getByRole("slider", { name: "Least confidence" }).fill("80");
  const most = page.getByRole("combobox", { name: "Number of tags at most" });
  await most.selectOption("3");
  await page.getByRole("textbox", { name: "Title" }).fill("How do I merge two pandas frames?");
  comeToLife();
  await expect(page.getByText("33 of 1,000 characters")).toBeVisible();
  await expect(page.getByText("Options:")).toContainText("at least 80 % sure, at most 3 tags");
  await expect(most).toHaveValue("3");
});

test("keys pressed while the page comes to life do no harm", async ({ page }) => {
  await page.addInitScript(() => {
    const { port1, port2 } = new MessageChannel();
    const press = () => {
      const body = document.querySelector("body");
      body?.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift", bubbles: true }));
      if (!body?.textContent.includes("0 of 1,000 characters")) port2.postMessage("again");
    };
    port1.onmessage = press;
    press();
  });
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill("How do I merge two pandas frames?");
  await expect(page.getByText("33 of 1,000 characters")).toBeVisible();
});
