import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replaceFolder } from "./replace-folder.ts";

async function folderWithBundle(): Promise<{ parent: string; folder: string }> {
  const parent = await mkdtemp(join(tmpdir(), "tagsmith-"));
  const folder = join(parent, "bundle");
  await mkdir(folder);
  await writeFile(join(folder, "manifest.json"), "old");
  return { parent, folder };
}

test("a folder in folders that are not there yet is made with them", async () => {
  const parent = await mkdtemp(join(tmpdir(), "tagsmith-"));
  const folder = join(parent, "new", "newer", "bundle");
  await replaceFolder(folder, (fresh) => writeFile(join(fresh, "model.onnx"), "new"));
  expect(await readdir(folder)).toEqual(["model.onnx"]);
});

test.runIf(existsSync("/proc/self"))("where there can't be any folder, that is said", async () => {
  for (const folder of ["/proc/bundle", "/proc/new/bundle"]) {
    const begun = replaceFolder(folder, () => Promise.reject(new Error("begun")));
    await expect(begun).rejects.toMatchObject({
      code: "disk_failed",
      message: expect.stringMatching(/^\/proc\/.+ can't be written: /) as string,
    });
  }
});

test("the new bundle takes the place of the whole old one", async () => {
  const { parent, folder } = await folderWithBundle();
  await replaceFolder(folder, (fresh) => writeFile(join(fresh, "model.onnx"), "new"));
  expect(await readdir(folder)).toEqual(["model.onnx"]);
  expect(await readdir(parent)).toEqual(["bundle"]);
});

test("a failure on the way leaves the old bundle and nothing beside it", async () => {
  const { parent, folder } = await folderWithBundle();
  const fill = async (fresh: string): Promise<void> => {
    await writeFile(join(fresh, "model.onnx"), "half");
    throw new Error("disk full");
  };
  await expect(replaceFolder(folder, fill)).rejects.toThrow("disk full");
  expect(await readFile(join(folder, "manifest.json"), "utf8")).toBe("old");
  expect(await readdir(parent)).toEqual(["bundle"]);
});

test("what a killed process of the same number has left is in nobody's way", async () => {
  const { parent, folder } = await folderWithBundle();
  await mkdir(join(parent, `.bundle.${process.pid}`));
  await replaceFolder(folder, (fresh) => writeFile(join(fresh, "model.onnx"), "new"));
  expect(await readdir(folder)).toEqual(["model.onnx"]);
});

test("what is no bundle is not replaced: a file, a folder of something else", async () => {
  const parent = await mkdtemp(join(tmpdir(), "tagsmith-"));
  const data = join(parent, "questions.jsonl");
  await writeFile(data, "{}");
  for (const folder of [data, parent]) {
    await expect(replaceFolder(folder, () => Promise.reject(new Error("begun")))).rejects.toThrow(
      `${folder} is there and no bundle`,
    );
  }
  expect(await readFile(data, "utf8")).toBe("{}");
  const empty = join(parent, "empty");
  await mkdir(empty);
  await replaceFolder(empty, (fresh) => writeFile(join(fresh, "model.onnx"), "new"));
  expect(await readdir(empty)).toEqual(["model.onnx"]);
});
