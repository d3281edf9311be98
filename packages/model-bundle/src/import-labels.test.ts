import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshFolder, identity, iris, onnxFile, options } from "../test/imports.ts";
import { encodeModel, INT64, integers, node, STRING, tensor, FLOAT } from "../test/onnx-model.ts";
import { importModel } from "./import.ts";
import type { GoldenExample } from "./manifest.ts";

it("takes a model of floats as skl2onnx exports it, with the names of its classes", async () => {
  const examples = join(iris, "../golden.json");
  const golden = JSON.parse(await readFile(examples, "utf8")) as GoldenExample[];
  const { manifest } = await importModel({
    ...options,
    onnx: iris,
    labels: undefined,
    golden,
    folder: freshFolder(),
  });
  expect(manifest).toMatchObject({
    input: { kind: "floats", name: "X", columns: ["x0", "x1", "x2", "x3"] },
    labels: ["setosa", "versicolor", "virginica"],
  });
});

it("takes labels from a ZipMap, whatever the classifiers before it call theirs", async () => {
  const strings = ["a", "b"].map((label) => Buffer.from(label));
  const zipMap = { ...node("ZipMap", ["y"], "maps"), attribute: [{ name: "classlabels_strings", type: 8, strings }] };
  const output = [{ name: "maps", type: { sequenceType: { elemType: {} } } }];
  const onnx = await onnxFile(encodeModel({ ...identity, output, node: [...identity.node, zipMap] }));
  const golden = [{ floats: [0.25, 1], probabilities: [0.25, 1] }];
  const { manifest } = await importModel({ ...options, onnx, labels: undefined, golden, folder: freshFolder() });
  expect(manifest).toMatchObject({ labels: ["a", "b"], output: "y" });
});

it.each<[string, string[], string[] | undefined]>([
  ["takes labels from its one classifier", ["label", "y"], ["0", "1"]],
  ["takes no labels from a classifier that is a part of another", ["y"], undefined],
])("%s", async (_, outputs, expected) => {
  const attribute = [
    { name: "classlabels_ints", type: 7, ints: [0, 1] },
    { name: "coefficients", type: 6, floats: [-1, 0, 1, 0] },
    { name: "intercepts", type: 6, floats: [0, 0] },
    { name: "post_transform", type: 3, s: Buffer.from("LOGISTIC") },
  ];
  const classifier = {
    opType: "LinearClassifier",
    domain: "ai.onnx.ml",
    input: ["x"],
    output: ["label", "y"],
    attribute,
  };
  const output = [tensor("label", INT64, ["N"]), tensor("y", FLOAT, ["N", 2])];
  const given = output.filter(({ name }) => outputs.includes(name ?? ""));
  const onnx = await onnxFile(encodeModel({ ...identity, output: given, node: [classifier] }));
  const imported = importModel({ ...options, onnx, labels: undefined, folder: freshFolder() });
  if (expected) expect((await imported).manifest.labels).toEqual(expected);
  else await expect(imported).rejects.toThrow("the model doesn't name its labels: give --labels");
});

it("takes labels from the table that its label is looked up in", async () => {
  const stringData = ["a", "b"].map((label) => Buffer.from(label));
  const classes = { name: "classes", dataType: STRING, dims: [2], stringData };
  const lookUp = { ...node("ArrayFeatureExtractor", ["classes", "best"], "found"), domain: "ai.onnx.ml" };
  const nodes = [node("ArgMax", ["x"], "best"), lookUp, node("Reshape", ["found", "open"], "label")];
  const graph = {
    ...identity,
    output: [tensor("label", STRING, ["N"]), ...identity.output],
    initializer: [classes, integers("open", [-1])],
    node: [...identity.node, ...nodes],
  };
  const golden = [{ floats: [0.25, 1], probabilities: [0.25, 1] }];
  const onnx = await onnxFile(encodeModel(graph));
  const { manifest } = await importModel({ ...options, onnx, labels: undefined, golden, folder: freshFolder() });
  expect(manifest.labels).toEqual(["a", "b"]);
});

it("takes labels from the model's metadata", async () => {
  const metadataProps = [{ key: "labels", value: JSON.stringify(["a", "b"]) }];
  const onnx = await onnxFile(encodeModel(identity, 13, metadataProps));
  const floats = { floats: [0.25, 1], probabilities: [0.25, 1] };
  const { manifest } = await importModel({
    ...options,
    onnx,
    labels: undefined,
    golden: [floats],
    folder: freshFolder(),
  });
  expect(manifest.labels).toEqual(["a", "b"]);
});
