import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { access, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import {
  encodeModel,
  FLOAT,
  FLOAT16,
  INT64,
  integers,
  logarithmModel,
  node,
  STRING,
  tensor,
} from "../test/onnx-model.ts";
import { classifier, freshFolder, golden, labels, options, scratch, sklearn } from "../test/imports.ts";
import { itWithStore } from "../test/with-store.ts";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { runCommandLine } from "./command-line.ts";
import { downloadBundle } from "./download.ts";
import { importModel, type ImportOptions } from "./import.ts";
import type { GoldenExample } from "./manifest.ts";
import { createPredictor } from "./predictor.ts";
import { current } from "./release.ts";

const iris = fileURLToPath(new URL("../../../examples/plain-floats/model.onnx", import.meta.url));

/** Two floats, which it answers. */
const identity = {
  name: "identity",
  input: [tensor("x", FLOAT, ["N", 2])],
  output: [tensor("y", FLOAT, ["N", 2])],
  node: [node("Identity", ["x"], "y")],
};

async function onnxFile(bytes: Uint8Array): Promise<string> {
  const path = `${freshFolder()}.onnx`;
  await writeFile(path, bytes);
  return path;
}

describe("a scikit-learn pipeline exported by skl2onnx", () => {
  itWithStore("is imported, published, downloaded and answers as scikit-learn did", async ({ store, url, dir }) => {
    const out = join(dir, "bundle");
    const lines: string[] = [];
    const model = (...args: string[]) =>
      runCommandLine(
        args,
        { MODEL_BUCKET: "models", AWS_ENDPOINT_URL: url },
        {
          out: (line) => lines.push(line),
          err: (line) => lines.push(line),
        },
      );
    const files = ["--onnx", join(sklearn, "model.onnx"), "--labels", join(sklearn, "labels.json")];
    const recorded = ["--golden", join(sklearn, "golden.json"), "--tolerance", "1e-5"];
    await model("import", ...files, ...recorded, "--name", "mine", "--version", "1", "--out", out);
    await model("publish", out);
    await model("promote", "mine@1");
    expect(lines).toEqual([
      expect.stringContaining('text input, output "probabilities", 5 labels, 10 recorded answers matched'),
      expect.stringContaining("published mine@1 to s3://models (1 file, "),
      "mine@1 is the model in use",
    ]);

    const release = await current(store);
    if (!release) throw new Error("nothing is promoted");
    const predictor = await createPredictor(await downloadBundle(store, release, join(dir, "loaded")));
    const rows = await predictor.predict(golden);
    for (const [index, { probabilities }] of golden.entries()) {
      probabilities.forEach((expected, column) => expect(rows[index]?.[column]).toBeCloseTo(expected, 5));
    }
    await predictor.close();
  });
});

it("a text is read to its end, past characters of no meaning", async () => {
  const predictor = await createPredictor(await importModel({ ...options, folder: freshFolder() }));
  const [plain, ...others] = await predictor.predict([
    { title: "Sort a list in Python", body: "" },
    { title: "\0Sort a list\0in Python", body: "" },
    { title: "Sort a list", body: "in&#0;Python" },
  ]);
  for (const row of others) expect(row).toEqual(plain);
  await predictor.close();
});

it.each([".", "(?u)."])("a text of a tokenizer of %j that pads is answered in company as alone", async (pattern) => {
  const tokenizer = {
    ...node("Tokenizer", ["text"], "padded"),
    domain: "com.microsoft",
    attribute: [
      { name: "tokenexp", type: 3, s: Buffer.from(pattern) },
      { name: "pad_value", type: 3, s: Buffer.from("#") },
      { name: "mark", type: 2, i: 0 },
      { name: "mincharnum", type: 2, i: 1 },
    ],
  };
  const vectorizer = {
    ...node("TfIdfVectorizer", ["tokens"], "counts"),
    attribute: [
      ...["min_gram_length", "max_gram_length"].map((name) => ({ name, type: 2, i: 2 })),
      { name: "max_skip_count", type: 2, i: 0 },
      { name: "mode", type: 3, s: Buffer.from("TF") },
      { name: "ngram_counts", type: 7, ints: [0, 0] },
      { name: "ngram_indexes", type: 7, ints: [0] },
      { name: "pool_strings", type: 8, strings: ["c", "#"].map((token) => Buffer.from(token)) },
    ],
  };
  const graph = {
    name: "bigram",
    input: [tensor("text", STRING, ["N", 1])],
    output: [tensor("counts", FLOAT, ["N", 1])],
    initializer: [integers("axis", [1])],
    node: [tokenizer, node("Squeeze", ["padded", "axis"], "tokens"), vectorizer],
  };
  const onnx = await onnxFile(encodeModel(graph));
  const bundle = await importModel({ ...options, onnx, labels: ["c#"], fields: ["title"], folder: freshFolder() });
  const predictor = await createPredictor(bundle);
  const questions = ["in c", "in c#", "a longer question"].map((title) => ({ title, body: "" }));
  const answers = await predictor.predict(questions);
  expect(answers.map(([probability]) => probability)).toEqual([0, 1, 0]);
  await predictor.close();
});

describe("an import", async () => {
  it("records the model's own answers where none were brought along", async () => {
    const { manifest } = await importModel({ ...options, folder: freshFolder() });
    expect(manifest.golden.examples.length).toBeGreaterThan(0);
    expect(manifest).toMatchObject({ labels, thresholds: [0.5, 0.5, 0.5, 0.5, 0.5] });
  });

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

  it("takes a model of this project's features with its vocabulary", async () => {
    const tiny = await tinyBundle();
    const { labels } = tiny.manifest;
    const onnx = join(tiny.folder, "model.onnx");
    const vocabulary = join(tiny.folder, "vocabulary.bin");
    const golden = tiny.manifest.golden.examples;
    const { manifest } = await importModel({ ...options, onnx, labels, vocabulary, golden, folder: freshFolder() });
    expect(manifest.input).toEqual(tiny.manifest.input);
  });

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
  const halfInput = await onnxFile(encodeModel({ ...identity, input: [tensor("x", FLOAT16, ["N", 2])] }));
  const openWidth = await onnxFile(logarithmModel(5, ["N", "D"]));
  const halfModel = await onnxFile(encodeModel({ ...identity, output: [tensor("y", FLOAT16, ["N", 2])] }));
  const futureModel = await onnxFile(encodeModel({ ...identity, name: "future" }, 99));
  const circle = await onnxFile(encodeModel({ ...identity, node: [node("Identity", ["y"], "y")] }));
  const noInput = await onnxFile(encodeModel({ ...identity, input: [] }));
  const noOutput = await onnxFile(encodeModel({ ...identity, output: [] }));
  const wrong = golden.map((example, index) =>
    index === 3 ? { ...example, probabilities: example.probabilities.toReversed() } : example,
  );

  it.each<[string, Partial<ImportOptions>, string]>([
    [
      "bytes that are no ONNX",
      { onnx: await onnxFile(Buffer.from("<!doctype html>")) },
      "the file is not an ONNX model",
    ],
    ["an empty file", { onnx: await onnxFile(Buffer.of()) }, "the file is not an ONNX model: it has no graph"],
    [
      "a model of pictures",
      { onnx: imageModel },
      'a model reads texts (string[N,1]), numbers (float32[N,D]), int64 "input_ids" and what goes with it, or int32[N,K] and float32[N,K]; ' +
        'this one reads "pixels" float32[-1,3,224,224]',
    ],
    ["a model of numbers in half precision", { onnx: halfInput }, 'this one reads "x" float16[-1,2]'],
    ["a model that reads nothing", { onnx: noInput }, "this one reads nothing"],
    ["a model that answers nothing", { onnx: noOutput }, "the model has no output float32[N,5], but nothing"],
    ["floats of unknown width", { onnx: openWidth }, "doesn't say how many columns there are: give --columns"],
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
      "answers in half precision",
      { onnx: halfModel, labels: ["a", "b"] },
      'the model has no output float32[N,2], but "y" float16[-1,2]',
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

  it.each(["SIGINT", "SIGTERM"] as const)("that %s ends leaves no folder", async (signal) => {
    const [folder, tokenizer] = [freshFolder(), `${freshFolder()}.json`];
    await promisify(execFile)("mkfifo", [tokenizer]);
    const files = ["--onnx", join(classifier, "model.onnx"), "--tokenizer", tokenizer];
    const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
    const args = ["import", ...files, "--name", "mine", "--version", "1", "--out", folder];
    const child = spawn(process.execPath, ["--import", "tsx", cli, ...args]);
    const end = once(child, "exit");
    const writer = await open(tokenizer, "w"); // once it is read from
    await access(join(folder, "model.onnx"));
    child.kill(signal);
    expect(await end).toEqual([null, signal]);
    await writer.close();
    await expect(access(folder)).rejects.toThrow("ENOENT");
  });

  it.runIf(existsSync("/proc/self"))("says where there can't be any folder", async () => {
    await expect(importModel({ ...options, folder: "/proc/mine" })).rejects.toMatchObject({ code: "disk_failed" });
  });

  it("touches no folder that is there already", async () => {
    await expect(importModel({ ...options, folder: scratch })).rejects.toMatchObject({
      code: "disk_failed",
      message: `${scratch} is there already`,
    });
    await access(scratch);
  });
});
