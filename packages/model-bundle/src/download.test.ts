import { randomBytes } from "node:crypto";
import { access, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { itWithStore, type StoreTest } from "../test/with-store.ts";
import { readBundle, type Bundle } from "./bundle.ts";
import { downloadBundle, type Progress, type TransferOptions } from "./download.ts";
import { fileKey, manifestKey } from "./layout.ts";
import { PART_BYTES } from "./parts.ts";
import { publish } from "./publish.ts";
import type { Release } from "./release.ts";
import { storeOptions } from "./store-options.ts";
import { ModelStore } from "./store.ts";

const KEY = fileKey({ name: "tiny", version: "1" }, "large.bin");
const LARGE_BYTES = 2 * PART_BYTES + 12_345;
const large = randomBytes(LARGE_BYTES);

async function publishLarge({ store, faults }: StoreTest) {
  const bundle = await tinyBundle({ extraFiles: new Map([["large.bin", large]]) });
  const release = await publish(store, bundle);
  faults.clear();
  return release;
}

/** Downloads into the test's own folder. */
async function load(given: StoreTest, release: Release, options: TransferOptions = {}): Promise<Bundle> {
  return downloadBundle(given.store, release, folderOf(given), options);
}

function folderOf({ dir }: StoreTest): string {
  return join(dir, "loaded");
}

/** How many bytes of the large file the server was asked for, over those that it has. */
function bytesAskedAgain({ faults }: StoreTest): number {
  const ranges = faults.seen.filter(({ key }) => key === KEY).map(({ range }) => /(\d+)-(\d+)/.exec(range ?? ""));
  return ranges.reduce((sum, range) => sum + Number(range?.[2]) - Number(range?.[1]) + 1, 0) - LARGE_BYTES;
}

async function expectLarge(bundle: Bundle): Promise<void> {
  expect(Buffer.compare(await readFile(join(bundle.folder, "large.bin")), large)).toBe(0);
}

describe("a download", () => {
  itWithStore(
    "brings every file whole, large ones by ranges that don't overlap, small ones in one request",
    async (given) => {
      const release = await publishLarge(given);
      const seen: Progress[] = [];
      const bundle = await load(given, release, { onProgress: (progress) => seen.push(progress) });
      await expectLarge(bundle);
      expect(bytesAskedAgain(given)).toBe(0);
      expect(given.faults.seen.filter(({ key }) => key === KEY)).toHaveLength(3);
      expect(given.faults.seen.filter(({ key }) => key.endsWith("model.onnx"))).toHaveLength(1);
      const bytesTotal = bundle.manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
      expect(seen.at(-1)).toEqual({ bytesLoaded: bytesTotal, bytesTotal });
    },
  );

  itWithStore("never loads a model with 50 flipped bytes, and says which file and both hashes", async (given) => {
    const release = await publishLarge(given);
    given.faults.add({ kind: "corrupt", atByte: 4_000_000, bytes: 50 }, { key: KEY, operation: "GetObject", skip: 1 });
    await expect(load(given, release)).rejects.toMatchObject({
      code: "hash_mismatch",
      message: expect.stringMatching(
        /^large\.bin is corrupt: its SHA-256 is [0-9a-f]{64}, but .* [0-9a-f]{64}$/,
      ) as string,
    });
  });

  itWithStore("refuses a file of another size before it reads it", async (given) => {
    const release = await publishLarge(given);
    await given.store.write(KEY, large.subarray(0, -1));
    given.faults.clear();
    await expect(load(given, release)).rejects.toThrow(
      `large.bin has ${LARGE_BYTES - 1} bytes, but its manifest says ${LARGE_BYTES}`,
    );
    expect(given.faults.seen.filter(({ key }) => key === KEY)).toHaveLength(1);
  });

  itWithStore("refuses a manifest that is not the one that was promoted", async (given) => {
    const release = await publishLarge(given);
    const { text } = await given.store.readText(manifestKey(release));
    await given.store.write(manifestKey(release), text.replace("for tests", "for Tests"));
    await expect(load(given, release)).rejects.toMatchObject({
      code: "hash_mismatch",
      message: expect.stringContaining("manifest.json of tiny@1 has changed") as string,
    });
  });

  itWithStore("resumes a body that stalls where it stopped", async (given) => {
    const release = await publishLarge(given);
    given.faults.add({ kind: "stall", afterBytes: 1_000_000 }, { key: KEY, operation: "GetObject", skip: 1 });
    const impatient = new ModelStore({
      ...storeOptions("models", { AWS_ENDPOINT_URL: given.url }),
      idleTimeoutMs: 1000,
    });
    await expectLarge(await load({ ...given, store: impatient }, release));
    expect(bytesAskedAgain(given)).toBeGreaterThan(0);
    expect(bytesAskedAgain(given)).toBeLessThan(PART_BYTES);
  });

  itWithStore("reads less than one part again after a body dropped at its half", async (given) => {
    const release = await publishLarge(given);
    given.faults.add({ kind: "drop", afterBytes: PART_BYTES / 2 }, { key: KEY, operation: "GetObject" });
    await expectLarge(await load(given, release));
    expect(bytesAskedAgain(given)).toBeGreaterThan(0);
    expect(bytesAskedAgain(given)).toBeLessThanOrEqual(PART_BYTES / 2 + 2 ** 20);
  });

  itWithStore("gets there though every connection breaks off after a tenth of a part", async (given) => {
    const release = await publishLarge(given);
    given.faults.add({ kind: "drop", afterBytes: PART_BYTES / 10 }, { key: KEY, operation: "GetObject", times: 100 });
    await expectLarge(await load(given, release));
  });

  itWithStore("survives a store that asks to slow down", async (given) => {
    const release = await publishLarge(given);
    given.faults.add({ kind: "slow-down" }, { operation: "GetObject", times: 4 });
    await expectLarge(await load(given, release));
  });

  itWithStore("says that the store can't be reached once it gives up", async (given) => {
    const release = await publishLarge(given);
    given.faults.add({ kind: "drop", afterBytes: 0 }, { key: KEY, times: 100 });
    await expect(load(given, release)).rejects.toMatchObject({
      code: "store_unreachable",
      message: expect.stringContaining(`s3://models/${KEY}`) as string,
    });
  });

  itWithStore("starts afresh when the object is overwritten between two ranges, and mixes nothing", async (given) => {
    const release = await publishLarge(given);
    await given.store.write(KEY, randomBytes(LARGE_BYTES));
    given.faults.clear();
    const overwrite = () => given.store.write(KEY, large);
    given.faults.add({ kind: "meanwhile", action: overwrite }, { key: KEY, operation: "GetObject", skip: 1 });
    const seen: Progress[] = [];
    const bundle = await load(given, release, { onProgress: (progress) => seen.push(progress) });
    await expectLarge(bundle);
    expect(seen.at(-1)?.bytesLoaded).toBe(seen.at(-1)?.bytesTotal);
  });

  itWithStore("gives up on an object that is overwritten again and again", async (given) => {
    const release = await publishLarge(given);
    let version = 0;
    const overwrite = () => given.store.write(KEY, Buffer.from(large).fill(++version, 0, 8));
    const others = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const skip of others)
      given.faults.add({ kind: "meanwhile", action: overwrite }, { key: KEY, operation: "GetObject", skip });
    await expect(load(given, release)).rejects.toMatchObject({ code: "precondition_failed" });
  });

  itWithStore(
    "is for this user's eyes only, and a bundle that another process can read by its folder",
    async (given) => {
      const bundle = await load(given, await publishLarge(given));
      const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
      expect(await modeOf(bundle.folder)).toBe(0o700);
      expect(await modeOf(join(bundle.folder, "large.bin"))).toBe(0o600);
      expect(await readBundle(bundle.folder)).toEqual(bundle);
    },
  );

  itWithStore("leaves no folder when it fails, and touches none that was there", async (given) => {
    const release = await publishLarge(given);
    given.faults.add({ kind: "corrupt", atByte: 4_000_000, bytes: 50 }, { key: KEY, operation: "GetObject" });
    await expect(load(given, release)).rejects.toMatchObject({ code: "hash_mismatch" });
    await expect(access(folderOf(given))).rejects.toThrow("ENOENT");
    await mkdir(folderOf(given));
    await writeFile(join(folderOf(given), "mine"), "kept");
    await expect(load(given, release)).rejects.toMatchObject({ code: "disk_failed" });
    expect(await readFile(join(folderOf(given), "mine"), "utf8")).toBe("kept");
  });

  itWithStore("names the disk where that is the trouble", async (given) => {
    const release = await publishLarge(given);
    await writeFile(join(given.dir, "file"), "in the way");
    const folder = join(given.dir, "file", "bundle");
    await expect(downloadBundle(given.store, release, folder)).rejects.toMatchObject({
      code: "disk_failed",
      message: expect.stringContaining(`${folder} can't be written: ENOTDIR`) as string,
    });
  });

  itWithStore("stops when it is told to", async (given) => {
    const release = await publishLarge(given);
    const stop = new AbortController();
    const download = load(given, release, {
      signal: stop.signal,
      onProgress: ({ bytesLoaded }) => bytesLoaded > PART_BYTES && stop.abort(),
    });
    await expect(download).rejects.toMatchObject({ code: "aborted" });
  });
});
