import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { publishTiny, tinyBundle } from "../test/tiny-bundle.ts";
import { itWithStore } from "../test/with-store.ts";
import { fileKey, manifestKey } from "./layout.ts";
import { formatManifest, totalBytes } from "./manifest.ts";
import { publish } from "./publish.ts";
import { current, find, promote } from "./release.ts";

itWithStore("writes the manifest last, so that what has one is complete", async (given) => {
  await publishTiny(given.store);
  const written = given.faults.seen.filter(({ operation }) => operation === "PutObject").map(({ key }) => key);
  expect(written).toEqual(["model.onnx", "vocabulary.bin", "manifest.json"].map((file) => `models/tiny/1/${file}`));
});

itWithStore("does nothing when the same bundle is there, and reads no more of it than the manifest", async (given) => {
  const release = await publishTiny(given.store);
  given.faults.clear();
  expect(await publishTiny(given.store)).toEqual(release);
  const asked = given.faults.seen.filter(({ operation }) => operation !== "HeadObject");
  expect(asked).toMatchObject([{ operation: "GetObject", key: "models/tiny/1/manifest.json" }]);
});

itWithStore("refuses other bytes under a published version", async (given) => {
  const release = await publishTiny(given.store);
  await expect(publishTiny(given.store, { labels: ["go", "rust"] })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("tiny@1 is published already, with another content") as string,
  });
  expect(await find(given.store, release)).toEqual(release);
});

itWithStore("goes on with one that was interrupted", async (given) => {
  const bundle = await tinyBundle();
  await given.store.write(fileKey(bundle.manifest, "model.onnx"), await readFile(join(bundle.folder, "model.onnx")));
  const release = await publish(given.store, bundle);
  await promote(given.store, release);
  expect(await current(given.store)).toEqual(release);
});

itWithStore("refuses to mix its files with those of another bundle", async (given) => {
  const bundle = await tinyBundle();
  const { size: bytes } = await stat(join(bundle.folder, "model.onnx"));
  await given.store.write(fileKey(bundle.manifest, "model.onnx"), Buffer.alloc(bytes));
  await expect(publish(given.store, bundle)).rejects.toMatchObject({ code: "conflict" });
  await expect(find(given.store, bundle.manifest)).rejects.toMatchObject({ code: "not_found" });
});

itWithStore("lets exactly one of two bundles have a version that both want at once", async (given) => {
  const results = await Promise.allSettled([
    publishTiny(given.store, { labels: ["go", "rust"] }),
    publishTiny(given.store, { labels: ["java", "kotlin"] }),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const winner = results.find((result) => result.status === "fulfilled");
  await promote(given.store, winner?.value ?? { name: "", version: "", manifestSha256: "" });
});

itWithStore("refuses a bundle whose file isn't the one in its manifest, and writes nothing", async (given) => {
  const bundle = await tinyBundle();
  const path = join(bundle.folder, "vocabulary.bin");
  const { size } = await stat(path);
  await writeFile(path, Buffer.alloc(size));
  await expect(publish(given.store, bundle)).rejects.toMatchObject({
    code: "hash_mismatch",
    message: expect.stringContaining("vocabulary.bin is corrupt") as string,
  });
  expect(given.faults.seen.filter(({ operation }) => operation === "PutObject")).toEqual([]);
});

itWithStore("puts files of a published version back that were lost from the store", async (given) => {
  const bundle = await tinyBundle();
  await given.store.write(manifestKey(bundle.manifest), formatManifest(bundle.manifest));
  const release = await find(given.store, bundle.manifest);
  await expect(promote(given.store, release)).rejects.toMatchObject({ code: "not_found" });
  await promote(given.store, await publish(given.store, bundle));
});

itWithStore("never writes over a file that comes while it looks, whether whole or not", async (given) => {
  const bundle = await tinyBundle();
  const key = fileKey(bundle.manifest, "model.onnx");
  const action = () => given.store.write(key, "another's");
  given.faults.add({ kind: "meanwhile", action }, { key, operation: "PutObject" });
  await expect(publish(given.store, bundle)).rejects.toMatchObject({ code: "conflict" });
  expect((await given.store.readText(key)).text).toBe("another's");
});

itWithStore("never writes over a manifest that comes while it writes the files", async (given) => {
  const [ours, theirs] = [await tinyBundle(), await tinyBundle({ labels: ["go", "rust"] })];
  const key = manifestKey(ours.manifest);
  const text = formatManifest(theirs.manifest);
  given.faults.add({ kind: "meanwhile", action: () => given.store.write(key, text) }, { key, operation: "PutObject" });
  await expect(publish(given.store, ours)).rejects.toMatchObject({ code: "conflict" });
  expect((await given.store.readText(key)).text).toBe(text);
});

itWithStore("tells how far it is, to the last byte", async (given) => {
  const bundle = await tinyBundle();
  const told: number[] = [];
  await publish(given.store, bundle, { onProgress: ({ bytesLoaded }) => told.push(bytesLoaded) });
  const [model, vocabulary] = bundle.manifest.files.map(({ bytes }) => bytes);
  expect(told).toEqual([model, (model ?? 0) + (vocabulary ?? 0)]);
  expect(told.at(-1)).toBe(totalBytes(bundle.manifest));
});

itWithStore("takes a store that fails for no empty one", async (given) => {
  const bundle = await tinyBundle();
  for (const key of [manifestKey(bundle.manifest), fileKey(bundle.manifest, "model.onnx")]) {
    given.faults.clear();
    given.faults.add({ kind: "slow-down" }, { key, times: 20 });
    await expect(publish(given.store, bundle)).rejects.toMatchObject({ code: "store_failed" });
    expect(given.faults.seen.filter(({ operation }) => operation === "PutObject")).toEqual([]);
  }
});

itWithStore("succeeds when the answers to its writes are lost", async (given) => {
  const bundle = await tinyBundle();
  for (const key of [fileKey(bundle.manifest, "model.onnx"), manifestKey(bundle.manifest)])
    given.faults.add({ kind: "drop", afterBytes: 0 }, { key, operation: "PutObject" });
  await promote(given.store, await publish(given.store, bundle));
});
