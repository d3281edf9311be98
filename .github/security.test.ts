import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const text = readFileSync(join(root, "docs/security.md"), "utf8").replaceAll(/\s+/g, " ");
const shown = [...text.matchAll(/`([\w./-]+\.ts)`\s“([^”]+)”/g)].map(([, file = "", name = ""]) => ({ file, name }));

it.each(shown)("docs/security.md names a test that there is: $file “$name”", ({ file, name }) => {
  expect(existsSync(join(root, file))).toBe(true);
  expect(readFileSync(join(root, file), "utf8")).toContain(name);
});

it("every point of docs/security.md is shown by a test", () => {
  const points = text.split(/- \*\*(?=(?:API|V)\d+ )/).slice(1);
  expect(points.length).toBe(10 + 14);
  expect(points.filter((point) => !/`[\w./-]+\.ts` “/.test(point)).map((point) => point.slice(0, 60))).toEqual([]);
});
