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
