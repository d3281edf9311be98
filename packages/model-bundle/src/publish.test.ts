import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { publishTiny, tinyBundle } from "../test/tiny-bundle.ts";
import { itWithStore } from "../test/with-store.ts";
import { fileKey } from "./layout.ts";
import { publish } from "./publish.ts";
import { current, find, promote } from "./release.ts";

itWithStore("writes the manifest last, so that what has one is complete", async (given) => {
  await publishTiny(given.store);
  const written = given.faults.seen.filter(({ operation }) => operation === "PutObject").map(({ key }) => key);
  expect(written).toEqual(["model.onnx", "vocabulary.bin", "manifest.json"].map((file) => `models/tiny/1/${file}`));
});

itWithStore("does nothing when the same bundle is there", async (given) => {
  const release = await publishTiny(given.store);
  given.faults.clear();
  expect(await publishTiny(given.store)).toEqual(release);
  expect(given.faults.seen.filter(({ operation }) => operation === "PutObject")).toEqual([]);
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
