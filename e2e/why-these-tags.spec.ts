import { startWeb } from "./process.ts";
import { ScriptedService } from "./scripted-service.ts";
import { expect, test } from "./system.ts";

test("the words that speak for a tag are marked in the question", async ({ page, checkAccessibility }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill("How do I merge two pandas frames?");
  await page.getByRole("textbox", { name: "Body" }).fill("<p>With <code>pandas</code>, please.</p>");
  await page.getByRole("button", { name: "Why pandas?" }).click();
  const why = page.getByRole("region", { name: "Why pandas?" });
  await expect(why.getByRole("list", { name: "Words that speak for it" }).getByRole("listitem").first()).toContainText(
    /^pandas \d+ points/,
  );
  const marked = why.getByRole("region", { name: "The question, with these words marked" });
  await expect(marked.getByText("pandas", { exact: true })).toHaveCount(2);
  await expect(why).toContainText("<p>With <code>pandas</code>, please.</p>");
  await checkAccessibility();

  await page.getByRole("textbox", { name: "Title" }).fill("How do I merge two frames with pandas?");
  await expect(why).toHaveCount(0); // these were the reasons of another text
  await page.getByRole("button", { name: "Why pandas?" }).click();
  await expect(why).toBeVisible();
  await page.getByRole("button", { name: "Why pandas?" }).click();
  await expect(why).toHaveCount(0);
});

test("on a phone, a long word breaks where it would stick out of the page", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/");
  const text = "IllegalArgumentExceptionFactoryBean".repeat(4);
  const explanations = [{ tag: "pandas", words: [{ text, drop: 0.5, spans: [] }] }];
  const value = { ml_model_metadata: { name: "", version: "" }, explanations, words: { total: 1, explained: 1 } };
  await page.route("**/explain", (route) => route.fulfill({ json: { ok: true, value } }));
  await page.getByRole("textbox", { name: "Title" }).fill(`pandas ${text}`);
  await page.getByRole("button", { name: "Why pandas?" }).click();
  await expect(page.getByRole("list", { name: "Words that speak for it" })).toContainText(text);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test("on paper a long question and its marked words are whole", async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 6_000 });
  await page.goto("/");
  await page.getByRole("textbox", { name: "Title" }).fill("How do I merge two pandas frames?");
  const body = page.getByRole("textbox", { name: "Body" });
  await body.fill(`${"One line of many.\n".repeat(60)}The last one.`);
  await page.getByRole("button", { name: "Why pandas?" }).click();
  const end = page.getByRole("region", { name: "The question, with these words marked" }).getByText("The last one.");
  await expect(end).toBeAttached();
  await page.emulateMedia({ media: "print" });
  await expect(end).toBeInViewport({ ratio: 1 });
  expect(await body.evaluate((field) => field.scrollHeight - field.clientHeight)).toBe(0);
});

test("of a tag that a model knew which is no longer in use, nobody is told to ask again", async ({
  page,
  complaints,
}) => {
  complaints.expected.push(/status of 409/);
  await page.goto("/?example=1", { waitUntil: "networkidle" });
  await page.route("**/explain", (route) =>
    route.continue({ postData: route.request().postData()?.replace("=pandas", "=gone") ?? "" }),
  );
  await page.getByRole("button", { name: "Why pandas?" }).click();
  const why = page.getByRole("region", { name: "Why pandas?" });
  await expect(why.getByRole("alert")).toHaveText(
    "The model in use doesn’t know this tag. Another one has taken its place since: ask for the question’s tags anew.",
  );
});

test("where another model was put to use since, its reasons are told to be its own, and asking anew asks that one", async ({
  page,
}) => {
  await page.goto("/", { waitUntil: "networkidle" });
  await page.route("**/suggest", async (route) => {
    const response = await route.fetch();
    const { value } = (await response.json()) as { value: object };
    const earlier = { ...value, ml_model_metadata: { name: "my-tags", version: "0.9.0" } };
    await route.fulfill({ response, json: { ok: true, value: earlier } });
  });
  await page.getByRole("textbox", { name: "Title" }).fill("How do I merge two pandas frames?");
  const answer = page.getByRole("region", { name: "Answer" });
  await expect(answer).toContainText("Answered by my-tags 0.9.0");
  await page.unroute("**/suggest");

  await page.getByRole("button", { name: "Why pandas?" }).click();
  const why = page.getByRole("region", { name: "Why pandas?" });
  await expect(why).toContainText(
    /Another model suggested the tag: these are the reasons of stackoverflow-tags [\d.]+\./,
  );
  await page.getByRole("button", { name: "Suggest tags" }).click();
  await expect(answer).toContainText("Answered by stackoverflow-tags");
  await expect(why).not.toContainText("Another model");
});

test("reasons that can’t be had are said to be missing, and the tags stay", async ({ page, complaints }) => {
  complaints.expected.push(/status of 429/);
  await using service = new ScriptedService();
  await using web = startWeb(await service.start());
  await page.goto(await web.address());
  await page.getByRole("textbox", { name: "Title" }).fill("How do I center a div with CSS?");
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  service.refuse(429, "overloaded", 5);
  await page.getByRole("button", { name: "Why css?" }).click();
  await expect(page.getByRole("alert")).toContainText("Too many questions at once");
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("css");
  await page.close();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page comes back with the reasons", async ({ page }) => {
    await page.goto("/?example=1");
    await page.getByRole("button", { name: "Suggest tags" }).click();
    await page.getByRole("button", { name: "Why pandas?" }).click();
    await expect(page.getByRole("region", { name: "Why pandas?" })).toContainText(/pandas\s+\d+ point/);
  });
});
