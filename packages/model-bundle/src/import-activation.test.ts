import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import onnxProto, { type onnx as Onnx } from "onnx-proto";
import { expect, it } from "vitest";
import { node } from "../test/onnx-model.ts";
import { classifier, freshFolder, options } from "../test/imports.ts";
import { importModel } from "./import.ts";
import type { GoldenExample } from "./manifest.ts";

const { ModelProto, NodeProto } = onnxProto.onnx;
const golden = JSON.parse(await readFile(join(classifier, "golden.json"), "utf8")) as GoldenExample[];
const hugging = { ...options, labels: undefined, fields: ["title"], pair: ["body"] } as const;

/** The classifier of examples/, whose config.json tells of scores, with what follows on these. */
async function ending(nodes: readonly Onnx.INodeProto[]): Promise<string> {
  const folder = freshFolder();
  await cp(classifier, folder, { recursive: true });
  const onnx = join(folder, "model.onnx");
  const model = ModelProto.decode(await readFile(onnx));
  for (const { output } of model.graph?.node ?? []) if (output?.[0] === "logits") output[0] = "scores";
  model.graph?.node?.push(...nodes.map((one) => NodeProto.fromObject(one)));
  model.opsetImport.push({ domain: "ai.onnx.ml", version: 2 });
  await writeFile(onnx, ModelProto.encode(model).finish());
  return onnx;
}

/** A head of scikit-learn's, as SetFit has it, of a label a score. */
const head = {
  ...node("LinearClassifier", ["scores"], "label"),
  output: ["label", "probabilities"],
  domain: "ai.onnx.ml",
  attribute: [
    { name: "classlabels_ints", type: 7, ints: [0, 1, 2, 3, 4] },
    { name: "coefficients", type: 6, floats: Array.from({ length: 25 }, (_, at) => Number(at % 6 === 0)) },
    { name: "intercepts", type: 6, floats: [0, 0, 0, 0, 0] },
    { name: "post_transform", type: 3, s: Buffer.from("LOGISTIC") },
  ],
};

it.each<[string, Onnx.INodeProto[]]>([
  ["its activation", [node("Sigmoid", ["scores"], "logits")]],
  ["its activation, in another form", [node("Sigmoid", ["scores"], "formed"), node("Identity", ["formed"], "logits")]],
  ["a head of scikit-learn's", [head, node("Identity", ["probabilities"], "logits")]],
])("a classifier that was exported with %s is given no other", async (_, nodes) => {
  const onnx = await ending(nodes);
  const { manifest } = await importModel({ ...hugging, onnx, golden, folder: freshFolder() });
  expect(manifest).not.toHaveProperty("activation");
  const told = await importModel({ ...hugging, onnx, activation: "softmax", folder: freshFolder() });
  expect(told.manifest.activation).toBe("softmax");
});

it("a classifier of scores has the activation that is asked for, in the place of config.json's", async () => {
  const onnx = await ending([node("Identity", ["scores"], "logits")]);
  const { manifest } = await importModel({ ...hugging, onnx, activation: "softmax", folder: freshFolder() });
  expect(manifest.activation).toBe("softmax");
});
