import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { encodeModel, FLOAT, node, tensor } from "../test/onnx-model.ts";
import { freshFolder, options } from "../test/imports.ts";
import { itWithStore } from "../test/with-store.ts";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { readBundle, writeManifest } from "./bundle.ts";
import { runCommandLine } from "./command-line.ts";
import { importModel } from "./import.ts";
import { publish } from "./publish.ts";
import { assertWeightsNamed } from "./weight-files.ts";

/** A bundle whose weights are beside its model, where its manifest doesn't name them. */
async function forgetful() {
  const columns = 20_000;
  const onnx = `${freshFolder()}.onnx`;
  const rawData = new Uint8Array(new Float32Array(columns).buffer);
  const graph = {
    name: "weights",
    input: [tensor("x", FLOAT, ["N", 1])],
    output: [tensor("y", FLOAT, ["N", 1])],
    initializer: [{ name: "table", dataType: FLOAT, dims: [1, columns], rawData }],
    node: [
      node("MatMul", ["x", "table"], "wide"),
      { ...node("ReduceMax", ["wide"], "y"), attribute: [{ name: "axes", type: 7, ints: [1] }] },
    ],
  };
  await writeFile(onnx, encodeModel(graph));
  const whole = await importModel({ ...options, onnx, labels: ["a"], folder: freshFolder() });
  await assertWeightsNamed(whole);
  const files = whole.manifest.files.filter(({ path }) => path === "model.onnx");
  await writeManifest({ ...whole, manifest: { ...whole.manifest, files } });
  return readBundle(whole.folder);
}

const message = 'manifest.json: files: lacks "model.onnx.data", where model.onnx has weights';

itWithStore("a bundle whose manifest forgets its weights is neither sound nor published", async ({ store }) => {
  const bundle = await forgetful();
  const said: string[] = [];
  const terminal = { out: (line: string) => said.push(line), err: (line: string) => said.push(line) };
  expect(await runCommandLine(["verify", bundle.folder], {}, terminal)).toBe(1);
  expect(said.join("\n")).toContain(message);
  await expect(publish(store, bundle)).rejects.toMatchObject({ code: "invalid_manifest", message });
});

it("a model of another format than ONNX's own has no weights elsewhere", async () => {
  const bundle = await tinyBundle();
  await writeFile(join(bundle.folder, "model.onnx"), "TFL3 and whatever else");
  await expect(assertWeightsNamed(bundle)).resolves.toBeUndefined();
});
