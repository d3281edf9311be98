import { adminVariables, enter, password, signIn } from "./admin.ts";
import { freePort, startWeb } from "./process.ts";
import { expect, test } from "./system.ts";

const nowhere = "http://127.0.0.1:1";
const signInPage = { name: "Sign in" };

test.slow(); // every password costs its time, by design

test("without a password there is no dashboard, and the page says how to set one", async ({
  page,
  checkAccessibility,
}) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Dashboard" }).click();
  await expect(page.getByRole("heading", { name: "The dashboard is off" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("npm run password");
  await expect(page.getByRole("main")).toContainText("npx sst secrets set ADMIN_PASSWORD_HASH");
  await checkAccessibility();
});

test("the admin signs in, stays so in other pages, and signs out", async ({ page, checkAccessibility }) => {
  await using web = startWeb(nowhere, adminVariables());
  const url = await web.address();
  await page.goto(`${url}/dashboard/models`);
  await expect(page.getByRole("heading", signInPage)).toBeVisible();
  await checkAccessibility();
  await enter(page, { name: "Ada", password });
  await expect(page.getByText("Signed in as Ada")).toBeVisible();
  await page.goto(`${url}/dashboard/models`);
  await expect(page.getByRole("heading", { name: "Models" })).toBeVisible();
  await checkAccessibility();

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", signInPage)).toBeVisible();
  await page.goto(`${url}/dashboard`);
  await expect(page.getByRole("heading", signInPage)).toBeVisible();
  expect((await page.request.get(`${url}/dashboard/figures`)).status()).toBe(401);
  for (const polled of ["serving", "figures", "trial"]) {
    expect((await page.request.get(`${url}/dashboard/${polled}`)).status()).toBe(401);
  }
  await page.close();
});

test("a browser that keeps no cookies is told why it is not let in", async () => {
  await using web = startWeb(nowhere, adminVariables());
  const form = new URLSearchParams({ name: "Ada", password });
  // It follows where it is led, and keeps nothing.
  const page = await fetch(`${await web.address()}/dashboard/sign-in`, { method: "POST", body: form });
  expect(await page.text()).toContain("The browser did not keep the cookie");
});

test("on a phone, long names of people and versions break where they would stick out of the page", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await using web = startWeb(nowhere, adminVariables());
  const url = await web.address();
  await signIn(page, url, "W".repeat(40));
  const long = "m".repeat(64);
  await page.goto(`${url}/dashboard/models/confirm?intent=promote&name=${long}&version=${long}&seen=`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(long);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.close();
});

test("a session that has ended leads to the sign-in once, also while that doesn't come", async ({
  page,
  complaints,
}) => {
  complaints.expected.push(/status of 401/);
  await using web = startWeb(nowhere, adminVariables());
  const url = await web.address();
  await page.clock.install();
  await signIn(page, url);
  const asked: string[] = [];
  await page.route("**/dashboard", (route) => {
    asked.push("the page");
    return route.fulfill({ status: 204 }); // with which a browser stays where it is
  });
  await page.route("**/dashboard/figures", (route) => {
    asked.push("figures");
    return route.fulfill({ status: 401, json: {} });
  });
  await page.clock.runFor(5_000);
  await expect.poll(() => asked).toContain("the page");
  await page.clock.runFor(15_000);
  expect(asked).toEqual(["figures", "the page"]);
  await page.close();
});

test("a wrong password is said to be wrong, a missing name asked for, and the name stays in its field", async ({
  page,
  complaints,
  checkAccessibility,
}) => {
  complaints.expected.push(/status of 401/, /status of 422/);
  await using web = startWeb(nowhere, adminVariables());
  await page.goto(`${await web.address()}/dashboard`);
  await enter(page, { name: "Ada", password: "incorrect horse" });
  await expect(page.getByRole("textbox", { name: "Password" })).toHaveAccessibleDescription(
    "That is not the password.",
  );
  await expect(page.getByRole("alert")).toHaveText("That is not the password.");
  await expect(page.getByRole("textbox", { name: "Your name" })).toHaveValue("Ada");
  await checkAccessibility();
  await enter(page, { name: " ", password });
  await expect(page.getByRole("textbox", { name: "Your name" })).toHaveAccessibleDescription(/Say who you are/);
  await enter(page, { name: "Seed", password });
  await expect(page.getByRole("textbox", { name: "Your name" })).toHaveAccessibleDescription(/Choose another one/);
  await page.close();
});

test("whoever guesses is shut out before long, even with the right password, and is told for how long", async ({
  page,
  complaints,
  checkAccessibility,
}) => {
  complaints.expected.push(/status of 401/, /status of 429/);
  await using web = startWeb(nowhere, adminVariables());
  await page.goto(`${await web.address()}/dashboard`);
  for (const guess of ["password-0001", "password-0002", "password-0003", "password-0004", "password-0005"]) {
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await enter(page, { name: "Eve", password: guess });
    expect((await answer).status()).toBe(401);
  }
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await enter(page, { name: "Eve", password });
  await expect(page.getByRole("alert")).toContainText(/Too many wrong passwords.*Try again in \d+ minutes/);
  expect(Number((await answer).headers()["retry-after"])).toBeGreaterThan(60);
  await checkAccessibility();
  await page.close();
});

test("the password hashed anew signs everybody out, and still opens", async ({ page }) => {
  const port = String(freePort());
  {
    await using before = startWeb(nowhere, { ...adminVariables(), PORT: port });
    await signIn(page, await before.address());
    await page.goto("about:blank"); // a page that goes on polling would complain of the server's end
  }
  await using after = startWeb(nowhere, { ...adminVariables(), PORT: port });
  const url = await after.address();
  await page.goto(`${url}/dashboard`);
  await expect(page.getByRole("heading", signInPage)).toBeVisible();
  await signIn(page, url);
  await page.close();
});

test("another site can neither sign in nor sign out for a visitor", async ({ request }) => {
  await using web = startWeb(nowhere, adminVariables());
  const url = await web.address();
  const headers = { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" };
  for (const path of ["sign-in", "sign-out", "models", "models/confirm"]) {
    const answer = await request.post(`${url}/dashboard/${path}`, { headers, form: { name: "Eve", password } });
    expect(answer.status()).toBe(403);
  }
});

test("where the server can't be reached, the page says so and stays, before signing in as before signing out", async ({
  page,
  complaints,
}) => {
  complaints.expected.push(/ERR_INTERNET_DISCONNECTED/);
  await using web = startWeb(nowhere, adminVariables());
  await page.goto(`${await web.address()}/dashboard`, { waitUntil: "networkidle" });
  const unreachable = page.getByRole("alert").filter({ hasText: "This site can’t be reached" });
  await page.context().setOffline(true);
  await enter(page, { name: "Ada", password });
  await expect(unreachable).toContainText("What you filled in is still here");
  await expect(page.getByRole("textbox", { name: "Password" })).toHaveValue(password);
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Signed in as Ada")).toBeVisible();

  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(unreachable).toContainText("sign out again in a moment");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", signInPage)).toBeVisible();
  await page.close();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the admin signs in and out all the same", async ({ page }) => {
    await using web = startWeb(nowhere, adminVariables());
    await signIn(page, await web.address());
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", signInPage)).toBeVisible();
  });

  test("the page comes back at the field that is wrong", async ({ page, complaints }) => {
    complaints.expected.push(/status of 4(22|01)/);
    await using web = startWeb(nowhere, adminVariables());
    await page.goto(`${await web.address()}/dashboard`);
    await enter(page, { name: "", password: "wrong" });
    await expect(page.getByRole("textbox", { name: "Your name" })).toBeFocused();
    await enter(page, { name: "Ada", password: "wrong" });
    await expect(page.getByRole("textbox", { name: "Your name" })).toHaveValue("Ada");
    await expect(page.getByRole("textbox", { name: "Password" })).toBeFocused();
  });
});
