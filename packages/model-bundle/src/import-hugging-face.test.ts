import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeModel, FLOAT, INT32, integers, node, tensor } from "../test/onnx-model.ts";
import { classifier, freshFolder, labels, options } from "../test/imports.ts";
import { importModel, type ImportOptions } from "./import.ts";
import type { GoldenExample } from "./manifest.ts";
import { createPredictor } from "./predictor.ts";

/** A Hugging Face model's folder, with these files otherwise than they are or, where undefined, not there. */
async function classifierWith(files: Readonly<Record<string, object | undefined>>): Promise<string> {
  const folder = freshFolder();
  await cp(classifier, folder, { recursive: true });
  for (const [name, change] of Object.entries(files)) {
    const path = join(folder, name);
    if (change) {
      const json = JSON.parse(await readFile(path, "utf8")) as object;
      await writeFile(path, JSON.stringify({ ...json, ...change }));
    } else await rm(path);
  }
  return join(folder, "model.onnx");
}

interface Foreign {
  readonly files?: Readonly<Record<string, object | undefined>>;
  readonly change?: Partial<ImportOptions>;
}

describe("a classifier of Hugging Face's", async () => {
  const hugging = { ...options, labels: undefined, fields: ["title"], pair: ["body"] } as const;
  const recorded = JSON.parse(await readFile(join(classifier, "golden.json"), "utf8")) as GoldenExample[];

  it("is imported by its own files, and answers as Python did", async () => {
    const onnx = join(classifier, "model.onnx");
    const { manifest } = await importModel({ ...hugging, onnx, golden: recorded, folder: freshFolder() });
    expect(manifest).toMatchObject({
      input: { kind: "tokens", tokenizer: "tokenizer.json", max_tokens: 48, fields: ["title"], pair: ["body"] },
      output: "logits",
      activation: "sigmoid",
      labels,
    });
    expect(manifest.files.map(({ path }) => path)).toContain("tokenizer.json");
  });

  it("has the labels of its config.json, whatever names the model itself has for them", async () => {
    const onnx = await classifierWith({});
    // A field of ModelProto that follows the others' bytes belongs to it.
    const metadata = encodeModel({ name: "" }, 13, [{ key: "labels", value: '["0","1","2","3","4"]' }]);
    await writeFile(onnx, Buffer.concat([metadata, await readFile(onnx)]));
    const { manifest } = await importModel({ ...hugging, onnx, golden: recorded, folder: freshFolder() });
    expect(manifest.labels).toEqual(labels);
  });

  it("may lie in a folder of its repository that is called onnx", async () => {
    const repository = dirname(await classifierWith({}));
    const onnx = join(repository, "onnx", "model.onnx");
    await mkdir(dirname(onnx));
    await rename(join(repository, "model.onnx"), onnx);
    const { manifest } = await importModel({ ...hugging, onnx, golden: recorded, folder: freshFolder() });
    expect(manifest).toMatchObject({ labels, activation: "sigmoid" });
  });

  it("may have files that begin with a byte order mark", async () => {
    const onnx = await classifierWith({});
    for (const name of ["config.json", "tokenizer.json", "tokenizer_config.json"]) {
      const path = join(dirname(onnx), name);
      await writeFile(path, `\u{feff}${await readFile(path, "utf8")}`);
    }
    const { manifest } = await importModel({ ...hugging, onnx, golden: recorded, folder: freshFolder() });
    expect(manifest.labels).toEqual(labels);
  });

  it("of one label a text has probabilities that sum to 1", async () => {
    const onnx = await classifierWith({ "config.json": { problem_type: null } });
    const { manifest } = await importModel({ ...hugging, onnx, folder: freshFolder() });
    expect(manifest.activation).toBe("softmax");
    for (const { probabilities } of manifest.golden.examples) {
      expect(probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    }
  });

  it("may read one text of ids of 32 bits, as TensorFlow's do, and have one label, which is or isn't so", async () => {
    const onnx = await classifierWith({ "config.json": { id2label: { 0: "long" }, problem_type: null } });
    const graph = {
      name: "length",
      input: [tensor("input_ids", INT32, [1, "T"])],
      output: [tensor("logits", FLOAT, [1, 1])],
      initializer: [integers("last", [1])],
      node: [node("Shape", ["input_ids"], "shape"), node("Gather", ["shape", "last"], "count")],
    };
    const cast = { ...node("Cast", ["count"], "float"), attribute: [{ name: "to", type: 2, i: FLOAT }] };
    graph.node.push(cast, node("Unsqueeze", ["float", "zero"], "logits"));
    graph.initializer.push(integers("zero", [0]));
    await writeFile(onnx, encodeModel(graph));
    const bundle = await importModel({ ...hugging, onnx, folder: freshFolder() });
    const predictor = await createPredictor(bundle);
    const [[probability] = []] = (await predictor.predict([{ title: "c#", body: "" }])) as unknown as number[][];
    expect(probability).toBeCloseTo(1 / (1 + Math.exp(-4)), 5); // [CLS] c # [SEP]
    await predictor.close();
  });

  it.each<[string, Foreign["files"]]>([
    ["no limit of its own", { "tokenizer_config.json": { model_max_length: 1e30 } }],
    ["another one in tokenizer.json", { "tokenizer.json": { truncation: { max_length: 16 } } }],
    ["one, and its model has none", { "config.json": { max_position_embeddings: undefined } }],
    ["none, and its model has one", { "tokenizer_config.json": undefined }],
  ])("takes as many tokens as in Python where its tokenizer has %s", async (_, files = {}) => {
    const onnx = await classifierWith(files);
    const { manifest } = await importModel({ ...hugging, onnx, golden: recorded, folder: freshFolder() });
    expect(manifest.input).toMatchObject({ max_tokens: 48 });
  });

  it.each<[string, Foreign["files"], "left" | undefined]>([
    ["tokenizer_config.json", { "tokenizer_config.json": { truncation_side: "left" } }, "left"],
    ["tokenizer.json", { "tokenizer.json": { truncation: { max_length: 48, direction: "Left" } } }, "left"],
    [
      "tokenizer_config.json, whatever tokenizer.json says",
      {
        "tokenizer.json": { truncation: { max_length: 48, direction: "Left" } },
        "tokenizer_config.json": { truncation_side: "right" },
      },
      undefined,
    ],
  ])("is cut on the side that its %s says", async (_, files = {}, side) => {
    const onnx = await classifierWith(files);
    const bundle = await importModel({ ...hugging, fields: ["title"], pair: undefined, onnx, folder: freshFolder() });
    expect(bundle.manifest.input).toHaveProperty("max_tokens", 48);
    const predictor = await createPredictor(bundle);
    const [whole, first, last] = await predictor.predict(
      [`${"python ".repeat(60)}${"sql ".repeat(60)}`, "python ".repeat(60), "sql ".repeat(60)].map((title) => ({
        title,
        body: "",
      })),
    );
    expect(whole).toEqual(side === "left" ? last : first);
    expect(whole).not.toEqual(side === "left" ? first : last);
    await predictor.close();
  });

  it("is served without a config.json by what the import is told", async () => {
    const onnx = await classifierWith({ "config.json": undefined, "tokenizer_config.json": undefined });
    const told = { labels, activation: "sigmoid", maxTokens: 48, golden: recorded, folder: freshFolder() } as const;
    expect((await importModel({ ...hugging, onnx, ...told })).manifest).toMatchObject({
      labels,
      activation: "sigmoid",
    });
  });

  it.each<[string, Foreign, string]>([
    [
      "with room for no tokens",
      { change: { maxTokens: 0 } },
      "input.max_tokens: 0 tokens leave no room beside those that",
    ],
    ["without a tokenizer", { files: { "tokenizer.json": undefined } }, "tokenizer.json can't be read: ENOENT"],
    [
      "with a tokenizer of another kind",
      { files: { "tokenizer.json": { pre_tokenizer: { type: "Jieba" } } } },
      "tokenizer.json is not a tokenizer that can be used: Unknown PreTokenizer type: Jieba",
    ],
    [
      "with a label left out",
      { files: { "config.json": { id2label: { 0: "a", 2: "c" } } } },
      "config.json: id2label: has 2 labels, but none of id 1",
    ],
    [
      "of numbers instead of labels",
      { files: { "config.json": { problem_type: "regression" } } },
      "config.json: problem_type: ",
    ],
    [
      "of positions without an end",
      { files: { "config.json": { max_position_embeddings: -1 }, "tokenizer_config.json": undefined } },
      "tokenizer.json doesn't say how many tokens the model takes: give --max-tokens",
    ],
    [
      "without a limit of tokens",
      { files: { "config.json": undefined, "tokenizer_config.json": undefined }, change: { labels } },
      "tokenizer.json doesn't say how many tokens the model takes: give --max-tokens",
    ],
    [
      "with a limit beyond its own",
      { change: { maxTokens: 64 } },
      "input.max_tokens: the model doesn't take 64 tokens: ",
    ],
    [
      "with a limit beyond its own, and a recorded answer that shows it",
      { change: { maxTokens: 64, golden: recorded } },
      "input.max_tokens: the model doesn't take 64 tokens: ",
    ],
    [
      "with a tokenizer of more tokens",
      { files: { "tokenizer.json": await longerVocabulary() } },
      "the model can't be run: ",
    ],
  ])("is refused %s", async (_, { files = {}, change = {} }, message) => {
    const onnx = await classifierWith(files);
    await expect(importModel({ ...hugging, onnx, ...change, folder: freshFolder() })).rejects.toThrow(message);
  });
});

/** Every question has a token that the model has no row for. */
async function longerVocabulary(): Promise<object> {
  const { model } = JSON.parse(await readFile(join(classifier, "tokenizer.json"), "utf8")) as {
    model: { vocab: Record<string, number> };
  };
  const vocab = Object.fromEntries(
    Object.entries(model.vocab).map(([token, id]) => [token, id > 100 ? id + 1_000 : id]),
  );
  return { model: { ...model, vocab } };
}
