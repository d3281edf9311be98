import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { BundleError } from "./errors.ts";
import { modelInput } from "./manifest-input.ts";
import { formatManifest, parseManifest, type Manifest } from "./manifest.ts";

const { manifest: valid } = await tinyBundle();
const parse = (change: Record<string, unknown>) => () => parseManifest(JSON.stringify({ ...valid, ...change }));
const [model, vocabulary] = valid.files;
const example = valid.golden.examples[0];

const floats = { kind: "floats", name: "x", columns: ["a", "b"] };
const features = { feature_version: 1, vocabulary: "vocabulary.bin", ids: "ids", weights: "weights" };
const tokens = { kind: "tokens", tokenizer: "tokenizer.json", max_tokens: 8, fields: ["title"], separator: " " };

describe("a manifest", () => {
  it("is read as it was written", () => {
    expect(parseManifest(formatManifest(valid))).toEqual(valid);
  });

  it("has one text, whatever the order and spacing it was read with", () => {
    const shuffled = Object.fromEntries(Object.entries(valid).reverse());
    expect(formatManifest(parseManifest(JSON.stringify(shuffled)))).toBe(formatManifest(valid));
  });

  it("takes text models, which have no vocabulary", () => {
    const text = { input: { kind: "text", name: "text", fields: ["title", "body"] }, files: [model] };
    expect(parse(text)().input.kind).toBe("text");
  });

  it("is documented by examples that are valid", async () => {
    const text = await readFile(new URL("../../../docs/model-bundle.md", import.meta.url), "utf8");
    const examples = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = ""]) => {
      return json.includes("schema_version") ? parseManifest(json).input : modelInput.parse(JSON.parse(json));
    });
    expect(examples.map(({ kind }) => kind)).toEqual(["text", "features", "tokens", "tokens", "floats"]);
  });

  it("names every bad field in one error", () => {
    const bad = { name: "Not a name", licence: 3, labels: ["python", ""], metrics: { f1: "high" }, extra: true };
    const message = /name: must be.*licence: .*labels\[1\]: .*metrics\.f1: .*"extra"/;
    expect(parse(bad)).toThrow(BundleError);
    expect(parse(bad)).toThrow(message);
  });

  it("names the first of very many bad fields, and says how many more there are", () => {
    const bad = { thresholds: Array.from({ length: 1000 }, () => 2) };
    expect(parse(bad)).toThrow(/^manifest\.json: thresholds\[0\]: .*; thresholds\[19\]: [^;]*; and \d+ more$/);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["another schema", { schema_version: 2 }, "schema_version: "],
    ["a label twice", { labels: ["python", "c#", "python"] }, 'labels[2]: repeats "python"'],
    ["no labels", { labels: [] }, "labels: "],
    ["too few thresholds", { thresholds: [0.5] }, "thresholds: must be as many as the labels: 3, found 1"],
    ["a discount beyond 1", { unlabelled_discount: 1.5 }, "unlabelled_discount: "],
    ["a threshold beyond 1", { thresholds: [0.5, 0.5, 5] }, "thresholds[2]: "],
    ["a model that is no file of it", { model: "other.onnx" }, 'model: "other.onnx" is not among the files'],
    ["no vocabulary file", { files: [model] }, 'input.vocabulary: "vocabulary.bin" is not among the files'],
    [
      "no vocabulary file of the features beside tokens",
      { input: { ...tokens, features }, files: [model, { ...vocabulary, path: "tokenizer.json" }] },
      'input.features.vocabulary: "vocabulary.bin" is not among the files',
    ],
    [
      "features of another version beside tokens",
      { input: { ...tokens, features: { ...features, feature_version: 99 } } },
      "input.features.feature_version: 99 is not supported",
    ],
    ["a file twice", { files: [model, vocabulary, model] }, 'files[2].path: repeats "model.onnx"'],
    ["an empty file", { files: [{ ...model, bytes: 0 }, vocabulary] }, "files[0].bytes: "],
    ["a file of 5 GiB", { files: [{ ...model, bytes: 5 * 2 ** 30 }, vocabulary] }, "files[0].bytes: "],
    ["half a hash", { files: [{ ...model, sha256: "abc" }, vocabulary] }, "files[0].sha256: must be a SHA-256"],
    ["the pointer's name", { name: "current.json" }, "name: must not be current.json"],
    ["a version with a slash", { version: "1/2" }, "version: must be"],
    ["no golden example", { golden: { ...valid.golden, examples: [] } }, "golden.examples: "],
    [
      "a tolerance that hides all",
      { golden: { ...valid.golden, tolerance: 1 } },
      "golden.tolerance: must be at most 0.1",
    ],
    [
      "golden probabilities of another number of labels",
      { golden: { ...valid.golden, examples: [{ ...example, probabilities: [0.5] }] } },
      "golden.examples[0].probabilities: must be as many as the labels: 3, found 1",
    ],
    [
      "golden examples without an answer",
      { golden: { ...valid.golden, examples: [{ title: "x", body: "" }] } },
      "golden.examples[0].probabilities: ",
    ],
    [
      "golden floats before a model of text",
      { golden: { ...valid.golden, examples: [{ floats: [1], probabilities: [1, 0, 0] }] } },
      "golden.examples[0]: must be a title and a body: the model reads text",
    ],
    [
      "golden questions before a model of floats",
      { input: floats },
      "golden.examples[0]: must be a row of 2 floats: the model reads no text",
    ],
    [
      "golden floats of another length",
      { input: floats, golden: { ...valid.golden, examples: [{ floats: [1], probabilities: [1, 0, 0] }] } },
      "golden.examples[0]: must have 2 floats, found 1",
    ],
    [
      "fewer tensors than columns",
      {
        input: { ...floats, name: ["x"] },
        golden: { ...valid.golden, examples: [{ floats: [1, 2], probabilities: [1, 0, 0] }] },
      },
      "input.name: must be one, or as many as the columns: 2, found 1",
    ],
    [
      "a tensor for columns apart",
      { input: { ...floats, columns: ["a", "b", "c"], name: ["x", "y", "x"] } },
      'input.name[2]: repeats "x"',
    ],
    ["no tokenizer file", { input: tokens }, 'input.tokenizer: "tokenizer.json" is not among the files'],
    ["another activation", { activation: "tanh" }, "activation: "],
    [
      "features of another version",
      { input: { ...valid.input, feature_version: 99 } },
      "input.feature_version: 99 is not supported: this build computes feature version 1",
    ],
  ])("refuses %s", (_, change, message) => {
    expect(parse(change)).toThrow(message);
  });

  it.each(["../model.onnx", "/etc/passwd", "a/b.onnx", "..", "", "a\\b", "manifest.json"])(
    "refuses a file called %j, which may lead out of its folder",
    (path) => {
      const files: Manifest["files"] = valid.files.map((file) => ({ ...file, path }));
      expect(parse({ files })).toThrow("files[0].path: must");
    },
  );

  it("refuses what is not JSON", () => {
    expect(() => parseManifest("<html>")).toThrow("manifest.json is not JSON");
  });
});
