import { freePort, startInference, startWeb } from "./process.ts";
import { choose, idsIn, idsTo, patiently, questions, save } from "./questions-file.ts";
import { addresses, expect, test } from "./system.ts";

test("a connection that breaks costs nothing: it goes on where it stopped", async ({ page, complaints }) => {
  test.slow();
  complaints.expected.push(/ERR_CONNECTION_RESET/);
  let sent = 0;
  await page.route("**/bulk/slice", (route) => (++sent % 3 === 0 ? route.abort("connectionreset") : route.fallback()));
  await page.goto("/bulk");
  await choose(page, "questions.csv", questions(4_000));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Nothing is lost" })).toBeVisible(patiently);
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toContainText(
    "4,000 rows in all",
    patiently,
  );
  expect(idsIn((await save(page)).text)).toEqual(idsTo(4_000));
});

test("the service is killed in the middle of a file and started again: every row is tagged once", async ({
  page,
  complaints,
}) => {
  test.slow();
  complaints.expected.push(/status of 503/);
  const port = freePort();
  await using web = startWeb(`http://127.0.0.1:${port}`);
  const site = await web.address();
  await using first = startInference(port, addresses.s3);
  await first.prints(/model ready/);
  let sent = 0;
  await page.route("**/bulk/slice", async (route) => {
    sent += 1;
    if (sent === 3) {
      first.signal("SIGKILL");
      await first.exitCode();
    }
    await route.fallback();
  });
  await page.goto(`${site}/bulk`);
  await choose(page, "questions.csv", questions(4_000));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The tagging service can’t be reached" })).toBeVisible(
    patiently,
  );

  await using second = startInference(port, addresses.s3);
  await second.prints(/model ready/);
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toContainText(
    "4,000 rows in all",
    patiently,
  );
  await expect(page.getByRole("table")).toHaveCount(0);
  expect(idsIn((await save(page)).text)).toEqual(idsTo(4_000));
  await page.close();
});

test("of a file that breaks after its first row, that row can be downloaded", async ({ page }) => {
  const json = { text: "title\r\nx\r\n", rows: 1, faults: [], consumedBytes: 8, cursor: "", isBroken: true };
  await page.route("**/bulk/slice", (route) => route.fulfill({ json }));
  await page.goto("/bulk", { waitUntil: "networkidle" });
  await choose(page, "questions.csv", questions(2));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is not done" })).toContainText("The first row can");
  expect((await save(page)).text).toBe("title\r\nx\r\n");
});

test("cancelling keeps what was tagged so far", async ({ page }) => {
  let sent = 0;
  const isHeld = new Promise<void>((resolve) => {
    void page.route("**/bulk/slice", async (route) => {
      if (++sent < 3) await route.fallback();
      else resolve(); // and nobody answers it
    });
  });
  await page.goto("/bulk");
  await choose(page, "questions.csv", questions(4_000));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await isHeld;
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is not done" })).toBeVisible();
  const ids = idsIn((await save(page)).text);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids).toEqual(idsTo(ids.length));
});

/** How the firewall refuses an address that sends too much: with nothing but the status. */
const tooMany = { status: 429, contentType: "text/html", body: "" };

test("a firewall that has counted too many requests is waited for, and is not taken for a broken answer", async ({
  page,
  complaints,
}) => {
  complaints.expected.push(/status of 429/);
  await page.route("**/bulk/slice", (route) => route.fulfill(tooMany));
  await page.goto("/bulk");
  await choose(page, "questions.csv", questions(2));
  await page.getByRole("button", { name: "Tag the file" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Nothing is lost" })).toContainText("Too many questions");
  await page.unroute("**/bulk/slice");
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The file is done" })).toBeVisible();
});

for (const name of ["Cancel", "Try now", "Stop trying"]) {
  test(`the keyboard’s way goes on within the file’s panel when “${name}” goes`, async ({ page, complaints }) => {
    complaints.expected.push(/status of 429/);
    // “Cancel” is there as long as an answer is awaited, the others once it was a refusal.
    await page.route("**/bulk/slice", (route) => (name === "Cancel" ? undefined : route.fulfill(tooMany)));
    await page.goto("/bulk");
    await choose(page, "questions.csv", questions(2));
    await page.getByRole("button", { name: "Tag the file" }).click();
    const button = page.getByRole("button", { name });
    await expect(button).toBeVisible();
    if (name === "Try now") await page.unroute("**/bulk/slice");
    await button.press("Enter");
    await expect(button).toHaveCount(0);
    await expect(page.getByRole("heading", { name: "questions.csv" })).toBeFocused();
  });
}
