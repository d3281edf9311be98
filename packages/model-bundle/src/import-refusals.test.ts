import { access } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshFolder, golden, identity, iris, labels, onnxFile, options, scratch, sklearn } from "../test/imports.ts";
import { BOOL, encodeModel, FLOAT, INT64, logarithmModel, node, STRING, tensor, UINT64 } from "../test/onnx-model.ts";
import { importModel, type ImportOptions } from "./import.ts";

const unknownOperator = await onnxFile(
  encodeModel({
    name: "unknown",
    input: [tensor("text", STRING, ["N", 1])],
    output: [tensor("scores", FLOAT, ["N", 5])],
    node: [node("GuessTags", ["text"], "scores")],
  }),
);
const imageModel = await onnxFile(
  encodeModel({
    name: "image",
    input: [tensor("pixels", FLOAT, ["N", 3, 224, 224])],
    output: [tensor("y", FLOAT, ["N", 5])],
    node: [node("Flatten", ["pixels"], "y")],
  }),
);
const words = await onnxFile(encodeModel({ ...identity, input: [tensor("x", UINT64, ["N", 2])] }));
const openWidth = await onnxFile(logarithmModel(5, ["N", "D"]));
const otherTokens = await onnxFile(encodeModel({ ...identity, input: [tensor("tokens", INT64, ["N", "T"])] }));
const truths = await onnxFile(encodeModel({ ...identity, output: [tensor("y", BOOL, ["N", 2])] }));
const futureModel = await onnxFile(encodeModel({ ...identity, name: "future" }, 99));
const circle = await onnxFile(encodeModel({ ...identity, node: [node("Identity", ["y"], "y")] }));
const noInput = await onnxFile(encodeModel({ ...identity, input: [] }));
const noOutput = await onnxFile(encodeModel({ ...identity, output: [] }));
const wrong = golden.map((example, index) =>
  index === 3 ? { ...example, probabilities: example.probabilities.toReversed() } : example,
);

it.each<[string, Partial<ImportOptions>, string]>([
  ["bytes that are no ONNX", { onnx: await onnxFile(Buffer.from("<!doctype html>")) }, "the file is not an ONNX model"],
  ["an empty file", { onnx: await onnxFile(Buffer.of()) }, "the file is not an ONNX model: it has no graph"],
  [
    "a model of pictures",
    { onnx: imageModel },
    'a model reads texts (string[N,1]), numbers (float32[N,D]), int64 "input_ids" and what goes with it, or int32[N,K] and float32[N,K]; ' +
      'this one reads "pixels" float32[-1,3,224,224]',
  ],
  ["a model of numbers of a type that isn't known", { onnx: words }, 'this one reads "x" uint64[-1,2]'],
  ["a model that reads nothing", { onnx: noInput }, "this one reads nothing"],
  ["a model that answers nothing", { onnx: noOutput }, "the model has no output float32[N,5], but nothing"],
  ["floats of unknown width", { onnx: openWidth }, "doesn't say how many columns there are: give --columns"],
  ["token ids of another name", { onnx: otherTokens }, 'give --columns, or call it "input_ids" where it reads tokens'],
  ["names for other columns", { onnx: iris, columns: ["a", "b"] }, 'input "X": has 4 columns, but 2 are named'],
  [
    "nodes that go round in a circle",
    { onnx: circle, labels: undefined },
    "the model doesn't name its labels: give --labels",
  ],
  ["a model that names no labels", { labels: undefined }, "the model doesn't name its labels: give --labels"],
  ["an opset of the future", { onnx: futureModel, labels: ["a", "b"] }, "Opset 99 is under development"],
  [
    "answers that are no numbers, and asks for rows that the model knows",
    { onnx: await onnxFile(logarithmModel(5)) },
    'expected probabilities, found -Infinity for "c#"; where the output holds scores, give --activation; where no row of yours is all 0, 1 or -1, give --golden',
  ],
  [
    "another number of labels",
    { labels: labels.slice(1) },
    'there are 4 labels, but the model gives "probabilities" float32[-1,5]',
  ],
  [
    "an output that isn't there",
    { output: "scores" },
    'the model has no output float32[N,5] of the name "scores", but "label" ',
  ],
  [
    "answers that are true or false",
    { onnx: truths, labels: ["a", "b"] },
    'the model has no output float32[N,2], but "y" bool[-1,2]',
  ],
  ["labels that repeat", { labels: ["a", "a", "b", "c", "d"] }, 'labels[1]: repeats "a"'],
  ["a bad name", { name: "../mine" }, "name: must be lower-case letters"],
  [
    "answers that it doesn't give",
    { golden: wrong },
    'golden example 3 ("Select the top 3 rows per group"): "c#" should be',
  ],
  ["answers of another number of labels", { golden: [{ title: "x", body: "", probabilities: [1] }] }, "found 1"],
  ["a model that onnxruntime can't load", { onnx: unknownOperator }, "onnxruntime can't load the model: "],
  ["a model that isn't there", { onnx: join(scratch, "none.onnx") }, "none.onnx can't be read"],
  [
    "columns for a model of texts",
    { columns: ["a"] },
    '--columns is for a model of floats; this one reads "text" string',
  ],
  ["a vocabulary for a model of texts", { vocabulary: "x" }, "--vocabulary is for a model of features"],
  ["a limit of tokens for a model of texts", { maxTokens: 5 }, "--max-tokens is for a model of tokens"],
  ["a second text for a model of texts", { pair: ["body"] }, "--pair is for a model of tokens"],
  ["a separator for a model of texts", { separator: "" }, "--separator is for a model of tokens"],
  ["a tokenizer for a model of texts", { tokenizer: "x" }, "--tokenizer is for a model of tokens"],
  ["fields for a model of floats", { onnx: iris, fields: ["title"] }, "--fields is for a model of text or tokens"],
  ["a folder for a model", { onnx: sklearn }, "sklearn-text/ can't be read: it is not a file"],
])("refuses %s, and leaves no folder", async (_, change, message) => {
  const folder = freshFolder();
  await expect(importModel({ ...options, folder, ...change })).rejects.toThrow(message);
  await expect(access(folder)).rejects.toThrow("ENOENT");
});

it("refuses answers that are no numbers without advice that has been taken", async () => {
  const onnx = await onnxFile(logarithmModel(5));
  const zeros = [{ floats: [0, 1, 1, 1, 1], probabilities: [0, 0, 0, 0, 0] }];
  const imported = importModel({ ...options, onnx, activation: "sigmoid", golden: zeros, folder: freshFolder() });
  await expect(imported).rejects.toThrow(/found -Infinity for "c#"$/);
});
