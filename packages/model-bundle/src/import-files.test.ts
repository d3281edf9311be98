import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readGolden, readNames } from "./import-files.ts";

const scratch = await mkdtemp(join(tmpdir(), "import-files-"));
afterAll(() => rm(scratch, { recursive: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(scratch, name);
  await writeFile(path, content);
  return path;
}

const mark = "\u{feff}";

describe("names from a file", () => {
  it.each<[string, string, string]>([
    ["a JSON array", "labels.json", '["c#", "c++"]'],
    ["a JSON array with a byte order mark", "marked.json", `${mark}["c#", "c++"]`],
    ["a text", "labels.txt", "c#\nc++\n"],
    ["a text of Windows, with a byte order mark", "marked.txt", `${mark}c#\r\nc++\r\n`],
  ])("are read of %s", async (_, name, content) => {
    expect(await readNames(await file(name, content))).toEqual(["c#", "c++"]);
  });

  it("are whole numbers, too", async () => {
    expect(await readNames(await file("classes.json", '[0, 1, -1, "other"]'))).toEqual(["0", "1", "-1", "other"]);
    const halves = readNames(await file("halves.json", "[0.5]"));
    await expect(halves).rejects.toMatchObject({
      code: "invalid_import",
      message: expect.stringContaining("[0]") as string,
    });
  });

  it.each<[string, Buffer]>([
    ["UTF-16", Buffer.from(`${mark}c#\nc++`, "utf16le")],
    ["Latin 1", Buffer.from("café\nc++", "latin1")],
  ])("are refused in %s", async (_, bytes) => {
    const path = await file("labels.txt", bytes);
    await expect(readNames(path)).rejects.toMatchObject({ code: "invalid_import", message: `${path} is not UTF-8` });
  });
});

it("recorded answers may begin with a byte order mark, and be to rows without some numbers", async () => {
  const path = await file("golden.json", `${mark}[{"floats": [1, null], "probabilities": [0.5]}]`);
  expect(await readGolden(path)).toEqual([{ floats: [1, null], probabilities: [0.5] }]);
});

it("a recorded score that is no probability is refused by its file's name", async () => {
  const path = await file("scores.json", '[{"title": "a", "probabilities": [0.5, -1.2]}]');
  const message = `${path}: [0].probabilities[1]: `;
  await expect(readGolden(path)).rejects.toMatchObject({
    code: "invalid_import",
    message: expect.stringContaining(message) as string,
  });
});
