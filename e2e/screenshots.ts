import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { pages } from "./pages.ts";
import { root } from "./process.ts";
import { expect, test } from "./system.ts";

const mostBytes = 160_000;

/** What a visitor would have done before the picture is taken. */
const before: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  "tag-generator": async (page) => {
    await page.getByRole("button", { name: "Why python?" }).click();
    await expect(page.getByRole("region", { name: "Why python?" })).toContainText("points");
  },
};

for (const { name, path } of pages) {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [width, height] of [
      [360, 760],
      [1280, 760],
    ] as const) {
      const file = `${name}-${width}-${colorScheme}.png`;
      test(file, async ({ page }) => {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.setViewportSize({ width, height });
        await page.goto(path, { waitUntil: "networkidle" });
        await before[name]?.(page);
        const taken = join(root, "docs/screenshots", file);
        await page.screenshot({ path: taken });
        expect((await stat(taken)).size).toBeLessThanOrEqual(mostBytes);
      });
    }
  }
}
