import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { withBuiltService } from "../test/built-service.ts";

// By `import { z }` instead of `import * as z` in one module of any program, all threads would hold them: 17 MB in all.
it("of zod's fifty languages the programs carry English alone", () =>
  withBuiltService(async (main) => {
    const folder = dirname(main);
    const programs = (await readdir(folder)).filter((name) => name.endsWith(".js"));
    const sources = await Promise.all(programs.map((name) => readFile(join(folder, name), "utf8")));
    const languages = sources.flatMap((source) => [...source.matchAll(/zod\/v4\/locales\/([\w-]+)\.js/g)]);
    expect(languages.map(([, language]) => language)).toEqual(["en"]);
  }));
