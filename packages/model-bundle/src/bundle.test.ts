import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { readBundle, verifyFiles, writeBundle } from "./bundle.ts";

let dir: string;
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), "bundle-"))));
afterEach(() => rm(dir, { recursive: true }));

describe("a bundle in a folder", () => {
  it("comes back as it was written", async () => {
    const bundle = await tinyBundle();
    await writeBundle(dir, bundle);
    const read = await readBundle(dir);
    await verifyFiles(read);
    expect(read.manifest).toEqual(bundle.manifest);
    expect(
      Buffer.compare(read.files.get("model.onnx") ?? Buffer.of(), bundle.files.get("model.onnx") ?? Buffer.of()),
    ).toBe(0);
  });

  it("is not sound with 50 bytes flipped, and says which file and both hashes", async () => {
    const bundle = await tinyBundle();
    await writeBundle(dir, bundle);
    const model = Buffer.from(bundle.files.get("model.onnx") ?? Buffer.of());
    await writeFile(join(dir, "model.onnx"), model.fill(0xff, 100, 150));
    const expected = bundle.manifest.files[0]?.sha256 ?? "";
    const message = new RegExp(`model\\.onnx is corrupt: its SHA-256 is [0-9a-f]{64}, but .* ${expected}`);
    await expect(verifyFiles(await readBundle(dir))).rejects.toThrow(message);
  });

  it("is not sound with a file cut short, and says both sizes", async () => {
    await writeBundle(dir, await tinyBundle());
    await writeFile(join(dir, "vocabulary.bin"), "TGV1");
    await expect(verifyFiles(await readBundle(dir))).rejects.toMatchObject({
      code: "hash_mismatch",
      message: expect.stringMatching(/^vocabulary\.bin has 4 bytes, but its manifest says \d+$/) as string,
    });
  });

  it("names the file that is missing", async () => {
    await writeBundle(dir, await tinyBundle());
    await rm(join(dir, "vocabulary.bin"));
    await expect(readBundle(dir)).rejects.toMatchObject({
      code: "missing_file",
      message: expect.stringContaining("vocabulary.bin can't be read") as string,
    });
  });
});
