import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { access, open } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { encodeModel, FLOAT, integers, node, STRING, tensor } from "../test/onnx-model.ts";
import { classifier, freshFolder, golden, iris, labels, onnxFile, options, scratch, sklearn } from "../test/imports.ts";
import { itWithStore } from "../test/with-store.ts";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { runCommandLine } from "./command-line.ts";
import { downloadBundle } from "./download.ts";
import { importModel } from "./import.ts";
import { createPredictor } from "./predictor.ts";
import { current } from "./release.ts";

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

describe("an import", () => {
  it("records the model's own answers where none were brought along, to questions of several kinds", async () => {
    const startMs = Date.now();
    const { manifest } = await importModel({ ...options, folder: freshFolder() });
    const { examples } = manifest.golden;
    expect(new Set(examples.map(({ probabilities }) => probabilities.join())).size).toBeGreaterThan(2);
    expect(examples).toContainEqual(expect.objectContaining({ body: expect.stringMatching(/<code>/) as string }));
    expect(manifest).toMatchObject({ labels, thresholds: [0.5, 0.5, 0.5, 0.5, 0.5] });
    expect(Date.parse(manifest.created_at)).toBeGreaterThanOrEqual(startMs);
  });

  it("records what a model of floats answers to rows of which no two are alike", async () => {
    const { manifest } = await importModel({ ...options, onnx: iris, labels: undefined, folder: freshFolder() });
    const floats = manifest.golden.examples.map((example) => "floats" in example && example.floats);
    expect(floats).toEqual([0, 1, -1].map((value) => Array(4).fill(value) as number[]));
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

  it("heeds Ctrl-C no more once it is done, which would take the bundle away", async () => {
    const listeners = process.listeners("SIGINT");
    await importModel({ ...options, folder: freshFolder() });
    expect(process.listeners("SIGINT")).toEqual(listeners);
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
