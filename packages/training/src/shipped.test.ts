import { fileURLToPath } from "node:url";
import { verifyFiles } from "@tagsmith/model-bundle/bundle-files";
import { readBundle } from "@tagsmith/model-bundle/bundle";
import { totalBytes } from "@tagsmith/model-bundle/manifest";
import { createPredictor } from "@tagsmith/model-bundle/predictor";
import { expect, it } from "vitest";

it.each([
  ["bundle", 40e6],
  ["large", 30e6],
])("the shipped %s is whole, answers its golden questions and has at most %d bytes", async (name, most) => {
  const shipped = await readBundle(fileURLToPath(new URL(`../${name}`, import.meta.url)));
  await verifyFiles(shipped);
  expect(totalBytes(shipped.manifest)).toBeLessThanOrEqual(most);
  const predictor = await createPredictor(shipped);
  await predictor.checkGolden();
  await predictor.close();
});
