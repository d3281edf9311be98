import type { Page } from "@playwright/test";
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

test("a page's scripts come after its styles, and its font", async ({ page }) => {
  const network = await page.context().newCDPSession(page);
  const priorities: { name: string | undefined; priority: string }[] = [];
  network.on("Network.requestWillBeSent", ({ request: { url, initialPriority } }) => {
    priorities.push({ name: /\.(?:js|css|woff2)$/.exec(url)?.[0], priority: initialPriority });
  });
  await network.send("Network.enable");
  await page.goto("/", { waitUntil: "networkidle" });
  const of = (kind: string) => new Set(priorities.flatMap(({ name, priority }) => (name === kind ? priority : [])));
  expect(of(".css")).toEqual(new Set(["VeryHigh"]));
  expect(of(".woff2")).toEqual(new Set(["High"]));
  expect(of(".js")).toEqual(new Set(["Low"]));
});

/** Gives what lets the page's scripts come. */
async function openWithoutScripts(page: Page, path: string): Promise<() => void> {
  let comeToLife = () => {};
  const isLet = new Promise<void>((resolve) => (comeToLife = resolve));
  await page.route("**/assets/*.js", (route) => isLet.then(() => route.continue()));
  await page.goto(path, { waitUntil: "commit" });
  return comeToLife;
}

test("what is chosen and typed before the page comes to life stays", async ({ page }) => {
  const comeToLife = await openWithoutScripts(page, "/");
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

test("an example’s text that is edited before then stays as it was edited", async ({ page }) => {
  const comeToLife = await openWithoutScripts(page, "/?example=1");
  const body = page.getByRole("textbox", { name: "Body" });
  await body.fill("With flexbox, please.");
  comeToLife();
  await expect(page.getByText("21 of 100,000 characters")).toBeVisible();
  await expect(body).toHaveValue("With flexbox, please.");
});

test.describe("with an extension that puts elements of its own into the page", () => {
  test.beforeEach(async ({ page, complaints }) => {
    complaints.expected.push(/Minified React error #(418|423)/);
    await page.addInitScript(() =>
      new MutationObserver((_changes, observer) => {
        const title = document.querySelector("title");
        if (!title) return;
        observer.disconnect();
        title.before(document.createElement("meta"));
      }).observe(document, { childList: true, subtree: true }),
    );
  });

  test("what is typed and chosen until then stays, and the cursor where it was", async ({ page }) => {
    const comeToLife = await openWithoutScripts(page, "/");
    await page.getByText("Options:").click();
    await page.getByRole("radio", { name: "at least this sure" }).check();
    await page.getByRole("combobox", { name: "Number of tags at most" }).selectOption("3");
    await page.getByRole("textbox", { name: "Body" }).fill("With flexbox, please.");
    const title = page.getByRole("textbox", { name: "Title" });
    await title.fill("How do I center a div?");
    await title.press("Home");
    comeToLife();
    await expect(page.getByText("22 of 1,000 characters")).toBeVisible();
    await expect(page.getByText("21 of 100,000 characters")).toBeVisible();
    await expect(page.getByText("Options:")).toContainText("at least 50 % sure, at most 3 tags");
    await expect(title).toBeFocused();
    await page.keyboard.type("CSS: ");
    await expect(title).toHaveValue("CSS: How do I center a div?");
    await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  });

  test("a file that is chosen until then stays so", async ({ page }) => {
    const comeToLife = await openWithoutScripts(page, "/bulk");
    const buffer = Buffer.from("title\nSort a list in Python\n");
    await page.getByLabel("File", { exact: true }).setInputFiles({ name: "early.csv", mimeType: "text/csv", buffer });
    comeToLife();
    await page.waitForLoadState("networkidle");
    await page.getByRole("button", { name: "Tag the file" }).click();
    await expect(page.getByRole("region", { name: "early.csv" })).toContainText("The file is done");
  });
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
