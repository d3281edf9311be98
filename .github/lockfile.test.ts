import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

interface Entry {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly license?: string;
}

const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, "..", name), "utf8"));
const { packages } = read("package-lock.json") as { packages: Readonly<Record<string, Entry>> };
const { allowScripts } = read("package.json") as { allowScripts: Readonly<Record<string, boolean>> };
const nameOf = (path: string) => path.split("node_modules/").at(-1) ?? "";

/** What npm fetches: not our own packages, and not what comes within another package's archive. */
const fetched = Object.entries(packages).filter(
  ([path, { link, inBundle }]) => path.includes("node_modules/") && !link && !inBundle,
);
const permissive = /^\(?(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|CC-BY-4\.0)\b/;
/** Their licence stands in a file of theirs alone: MIT. */
const unnamed = ["busboy", "querystring", "streamsearch"];

it("every package is held to its SHA-512, and comes from where npm is told to look", () => {
  expect(fetched.length).toBeGreaterThan(1_000);
  const loose = fetched.filter(([, { integrity = "", resolved }]) => !integrity.startsWith("sha512-") || resolved);
  expect(loose.map(([path]) => path)).toEqual([]);
});

it("no package runs a script when it is installed before somebody has decided that it may", () => {
  const asking = fetched.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
  expect(asking.filter((name) => !(name in allowScripts))).toEqual([]);
  expect(Object.keys(allowScripts).filter((name) => !asking.includes(name))).toEqual([]);
});

it("what is shipped is under a licence that asks for no more than its mention", () => {
  const strict = fetched.filter(([path, { dev, license = "" }]) => {
    return !dev && !permissive.test(license) && !unnamed.includes(nameOf(path));
  });
  expect(strict.map(([path, { license }]) => `${path}: ${license ?? "none"}`)).toEqual([]);
});
