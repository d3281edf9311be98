import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { verifyFiles } from "./bundle-files.ts";
import { readBundle } from "./bundle.ts";

describe("a bundle in a folder", () => {
  it("comes back as it was written", async () => {
    const bundle = await tinyBundle();
    const read = await readBundle(bundle.folder);
    await verifyFiles(read);
    expect(read).toEqual(bundle);
  });

  it("may have been written by an editor that begins a file with a byte order mark", async () => {
    const bundle = await tinyBundle();
    const path = join(bundle.folder, "manifest.json");
    await writeFile(path, `\u{feff}${await readFile(path, "utf8")}`);
    expect(await readBundle(bundle.folder)).toEqual(bundle);
  });

  it("is not sound with 50 bytes flipped, and says which file and both hashes", async () => {
    const bundle = await tinyBundle();
    const path = join(bundle.folder, "model.onnx");
    await writeFile(path, (await readFile(path)).fill(0xff, 100, 150));
    const expected = bundle.manifest.files[0]?.sha256 ?? "";
    const message = new RegExp(`model\\.onnx is corrupt: its SHA-256 is [0-9a-f]{64}, but .* ${expected}`);
    await expect(verifyFiles(bundle)).rejects.toThrow(message);
  });

  it("is not sound with a file cut short, and says both sizes", async () => {
    const bundle = await tinyBundle();
    await writeFile(join(bundle.folder, "vocabulary.bin"), "TGV1");
    await expect(verifyFiles(bundle)).rejects.toMatchObject({
      code: "hash_mismatch",
      message: expect.stringMatching(/^vocabulary\.bin has 4 bytes, but its manifest says \d+$/) as string,
    });
  });

  it.each(["vocabulary.bin", "manifest.json"])("names the file that is missing: %s", async (name) => {
    const { folder } = await tinyBundle();
    await rm(join(folder, name));
    await expect(readBundle(folder).then(verifyFiles)).rejects.toMatchObject({
      code: "missing_file",
      message: expect.stringContaining(`${name} can't be read`) as string,
    });
  });
});
