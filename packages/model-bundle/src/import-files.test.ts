import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readGolden, readNames } from "./import-files.ts";

/** As editors on Windows write it in front of a text. */
const byteOrderMark = "\ufeff";

it("names and answers are read without the mark of the byte order", async () => {
  const folder = await mkdtemp(join(tmpdir(), "names-"));
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), byteOrderMark + text);
    return join(folder, name);
  };
  const examples = [{ title: "Sort a list", body: "", probabilities: [0.5, 1] }];
  try {
    expect(await readNames(await file("labels.txt", "c#\r\npython\r\n"))).toEqual(["c#", "python"]);
    expect(await readNames(await file("labels.json", '["c#", "python"]'))).toEqual(["c#", "python"]);
    expect(await readGolden(await file("golden.json", JSON.stringify(examples)))).toEqual(examples);
  } finally {
    await rm(folder, { recursive: true });
  }
});
