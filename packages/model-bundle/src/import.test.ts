import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { encodeModel, FLOAT, node, STRING, tensor } from "../test/onnx-model.ts";
import { itWithStore } from "../test/with-store.ts";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { runCommandLine } from "./command-line.ts";
import { downloadBundle } from "./download.ts";
import { importModel, type ImportOptions } from "./import.ts";
import type { GoldenExample } from "./manifest.ts";
import { createPredictor } from "./predictor.ts";
import { current } from "./release.ts";

const sklearn = fileURLToPath(new URL("../../../examples/sklearn-text/", import.meta.url));
const labels = ["c#", "c++", "javascript", "python", "sql"];
const golden = JSON.parse(await readFile(join(sklearn, "golden.json"), "utf8")) as GoldenExample[];

const options: ImportOptions = {
  onnx: join(sklearn, "model.onnx"),
  labels,
  name: "mine",
  version: "1",
  tolerance: 1e-5,
  threshold: 0.5,
  description: "",
  trainingData: "",
  licence: "",
  folder: "",
};

const scratch = await mkdtemp(join(tmpdir(), "import-"));
afterAll(() => rm(scratch, { recursive: true }));
let folders = 0;
const freshFolder = () => join(scratch, String(++folders));

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

describe("an import", async () => {
  it("records the model's own answers where none were brought along", async () => {
    const { manifest } = await importModel({ ...options, folder: freshFolder() });
    expect(manifest.golden.examples.length).toBeGreaterThan(0);
    expect(manifest).toMatchObject({ labels, thresholds: [0.5, 0.5, 0.5, 0.5, 0.5] });
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
  const floatModel = await onnxFile(
    encodeModel({
      name: "float",
      input: [tensor("x", FLOAT, ["N", 30])],
      output: [tensor("y", FLOAT, ["N", 5])],
      node: [node("Identity", ["x"], "y")],
    }),
  );
  const zipmap = await onnxFile(
    encodeModel({
      name: "zipmap",
      input: [tensor("text", STRING, ["N", 1])],
      output: [{ name: "output_probability", type: { sequenceType: { elemType: {} } } }],
      node: [node("ZipMap", ["text"], "output_probability")],
    }),
  );
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
      "a model of floats",
      { onnx: floatModel },
      'a text model has one input, string[N,1]; this one has "x" float32[-1,30]',
    ],
    [
      "a classifier with a ZipMap",
      { onnx: zipmap },
      'no output float32[N,5], but "output_probability" sequence[]; export it with options={id(pipe): {"zipmap": False}}',
    ],
    [
      "another number of labels",
      { labels: labels.slice(1) },
      'there are 4 labels, but the model gives "probabilities" float32[-1,5]',
    ],
    ["an output that isn't there", { output: "scores" }, "the model has no output float32[N,5]"],
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
  ])("refuses %s, and leaves no folder", async (_, change, message) => {
    const folder = freshFolder();
    await expect(importModel({ ...options, folder, ...change })).rejects.toThrow(message);
    await expect(access(folder)).rejects.toThrow("ENOENT");
  });

  it("touches no folder that is there already", async () => {
    await expect(importModel({ ...options, folder: scratch })).rejects.toMatchObject({
      code: "disk_failed",
      message: `${scratch} is there already`,
    });
    await access(scratch);
  });
});
