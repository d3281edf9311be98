import { addresses, expect, test } from "./system.ts";

test("someone looks up which model answers, how good it is and what it can say", async ({
  page,
  request,
  checkAccessibility,
}) => {
  const { name, version } = (await (await request.get(`${addresses.api}/api/v1/models`)).json()) as Record<
    string,
    string
  >;
  await page.goto("/");
  await page.getByRole("link", { name: "About" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("main")).toContainText(name ?? "no name");
  await expect(page.getByRole("main")).toContainText(version ?? "no version");
  await expect(page.getByRole("main")).toContainText(/micro F1/i);
  await expect(page.getByRole("main")).toContainText("asp.net-mvc");
  await checkAccessibility();
});
