import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Package {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly wireit: { readonly build: { readonly files: readonly string[] } };
}

const packageOf = (name: string) => JSON.parse(readFileSync(`packages/${name}/package.json`, "utf8")) as Package;

/** The packages of the workspace that a program holds: those that it names, and theirs. */
function heldBy(name: string): string[] {
  const named = Object.keys(packageOf(name).dependencies ?? {}).filter((one) => one.startsWith("@tagsmith/"));
  return named.map((one) => one.slice("@tagsmith/".length)).flatMap((one) => [one, ...heldBy(one)]);
}

it.each(["inference", "local", "web"])("%s: is built anew when a package changes that it holds", (name) => {
  const watched = packageOf(name).wireit.build.files.map((file) => /^\.\.\/([^/]+)\/src\/\*\*/.exec(file)?.[1]);
  expect(watched).toEqual(expect.arrayContaining(heldBy(name)));
});
