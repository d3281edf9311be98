import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./process.ts";
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
  await expect(page.getByRole("img", { name: "Reliability curve" })).toBeVisible();
  await page.getByText("F1 of every tag").click();
  await expect(page.getByRole("img", { name: "F1 by tag" })).toBeVisible();
  await expect(page.getByRole("img", { name: /^A browser asks the load balancer/ })).toBeVisible();
  await checkAccessibility();
});

test("on paper no column of its scores is cut off", async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 6_000 });
  await page.emulateMedia({ media: "print" });
  await page.goto("/about");
  const table = page.getByRole("table").first();
  for (const heading of await table.getByRole("columnheader").all()) await expect(heading).toBeInViewport({ ratio: 1 });
});

test("the charts are those of the training report", async ({ request }) => {
  const report = await readFile(join(root, "packages/training/bundle/report.html"), "utf8");
  for (const name of ["reliability", "labels"]) {
    const chart = await request.get(`/charts/${name}`);
    expect(chart.headers()["content-type"]).toBe("image/svg+xml");
    expect(report).toContain((await chart.text()).replace(' id="chart"', ""));
  }
  expect((await request.get("/charts/nothing")).status()).toBe(404);
});
