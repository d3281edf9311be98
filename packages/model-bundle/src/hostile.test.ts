import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { itWithStore } from "../test/with-store.ts";
import { verifyFiles } from "./bundle-files.ts";
import { readBundle } from "./bundle.ts";
import { isBundleError, type BundleErrorCode } from "./errors.ts";
import { parseManifest } from "./manifest.ts";
import { readPointer } from "./pointer.ts";
import { find, promote } from "./release.ts";
import type { ModelStore } from "./store.ts";

const bundle = await tinyBundle();
const pristine = JSON.stringify(bundle.manifest);

/** Names that lead elsewhere, or to what isn't a release. */
const escapes = ["..", "../..", "a/b", "/etc", "a\\b", "nul\0", "__proto__", "current.json"];

/** Keys that mean something to JavaScript, among others. */
const json = fc.oneof(
  fc.jsonValue({ noUnicodeString: false }),
  fc.dictionary(fc.constantFrom("__proto__", "constructor", "prototype", "toString", "path"), fc.jsonValue()),
);

/** Valid JSON with one value, somewhere within, replaced. */
function damaged(text: string): fc.Arbitrary<string> {
  const places = [...text.matchAll(/"(?:[^"\\]|\\.)*"(?=[,\]}])|[\d.]+(?=[,\]}])/g)];
  return fc.tuple(fc.constantFrom(...places), json).map(([place, value]) => {
    return text.slice(0, place.index) + JSON.stringify(value) + text.slice(place.index + place[0].length);
  });
}

/** A good manifest in which something is called otherwise, wherever it is named. */
const renamed = fc
  .tuple(fc.constantFrom("vocabulary.bin", "model.onnx", "tiny"), fc.oneof(fc.constantFrom(...escapes), fc.string()))
  .map(([name, other]) => pristine.replaceAll(JSON.stringify(name), JSON.stringify(other)));

/** What `work` fails with, if it is one of these; throws whatever else it does. */
async function failureOf(work: () => unknown, ...codes: BundleErrorCode[]): Promise<string> {
  try {
    await work();
    return "";
  } catch (error) {
    if (isBundleError(error, ...codes)) return error.message;
    throw error;
  }
}

describe("whatever stands in a manifest", () => {
  it.each([
    ["any JSON", json.map((value) => JSON.stringify(value))],
    ["any text", fc.string({ unit: "binary" })],
    ["a good one with a value replaced", damaged(pristine)],
    ["a good one with other names", renamed],
  ])(
    "%s: it is read, with names that stay in their folder, or refused in one line that names it",
    async (_what, texts) => {
      await fc.assert(
        fc.asyncProperty(texts, async (text) => {
          const message = await failureOf(() => {
            const { name, version, files } = parseManifest(text);
            for (const part of [name, version, ...files.map(({ path }) => path)]) expect(part).toMatch(/^\w[\w.-]*$/);
          }, "invalid_manifest");
          expect(message).toMatch(/^$|^manifest\.json/);
          expect(Object.keys(Object.prototype)).toEqual([]);
        }),
      );
    },
  );
});

it("whatever stands in the pointer is read or refused with its name", async () => {
  const promotion = { name: "tiny", version: "1", manifest_sha256: "0".repeat(64) };
  const told = { promoted_at: "2026-01-01T00:00:00Z", promoted_by: "seed" };
  const pointer = JSON.stringify({ schema_version: 1, ...promotion, ...told, history: [{ ...promotion, ...told }] });
  const texts = fc.oneof(
    fc.string(),
    json.map((value) => JSON.stringify(value)),
    damaged(pointer),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const store = { readText: () => Promise.resolve({ text, etag: "1" }) } as unknown as ModelStore;
      expect(await failureOf(() => readPointer(store), "invalid_pointer")).toMatch(/^$|^models\/current\.json/);
    }),
  );
});

it("a file with a bit flipped or an end cut off is never taken for sound, and is named", async () => {
  const files = await Promise.all(
    bundle.manifest.files.map(async ({ path }) => ({ path, bytes: await readFile(join(bundle.folder, path)) })),
  );
  const damage = fc.tuple(fc.constantFrom(...files), fc.nat(), fc.boolean());
  await fc.assert(
    fc.asyncProperty(damage, async ([{ path, bytes }, anywhere, isCut]) => {
      const bit = anywhere % (bytes.length * 8);
      const at = bit >> 3;
      const bad = isCut ? bytes.subarray(0, at) : Buffer.from(bytes);
      if (!isCut) bad.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
      await writeFile(join(bundle.folder, path), bad);
      const read = async () => verifyFiles(await readBundle(bundle.folder));
      expect(await failureOf(read, "hash_mismatch")).toContain(path);
      await writeFile(join(bundle.folder, path), bytes);
    }),
    { numRuns: 50 },
  );
});

for (const part of escapes) {
  itWithStore(`a release called ${JSON.stringify(part)} is never found, nor promoted`, async ({ store }) => {
    await expect(find(store, { name: part, version: "1" })).rejects.toThrow();
    await expect(promote(store, { name: "tiny", version: part, manifestSha256: "0".repeat(64) })).rejects.toThrow();
    expect(await readPointer(store)).toBeUndefined();
  });
}
