import { copyFile, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashesOf } from "@tagsmith/features/test/hashes";
import { FEATURE_VERSION, vectorize } from "@tagsmith/features/vectorize";
import { Vocabulary } from "@tagsmith/features/vocabulary";
import { expect, it } from "vitest";
import type { InputOf } from "./manifest-input.ts";
import { tokensInput } from "./tokens-input.ts";

const tokenizer = fileURLToPath(new URL("../../../examples/huggingface-classifier/tokenizer.json", import.meta.url));
const input: InputOf<"tokens"> = {
  kind: "tokens",
  tokenizer: "tokenizer.json",
  max_tokens: 32,
  fields: ["title", "prose"],
  separator: " [SEP] ",
};
const graphInputs = [{ name: "input_ids", type: "int64", shape: [-1, -1] }];

it("gives a model of both the tokens and the features of each question, one a run", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tokens-"));
  await copyFile(tokenizer, join(folder, "tokenizer.json"));
  const questions = [
    { title: "Sort a list in Python", body: "" },
    { title: "c#", body: "<p>python</p>" },
  ];
  const bytes = Vocabulary.write([...new Set(questions.flatMap(hashesOf))].map((hash) => ({ hash, weight: 1 })));
  await writeFile(join(folder, "vocabulary.bin"), bytes);
  const features = { feature_version: FEATURE_VERSION, vocabulary: "vocabulary.bin", ids: "ids", weights: "weights" };
  const read = await tokensInput({ folder }, { ...input, features }, graphInputs);
  expect(read.tensors).toEqual({
    input_ids: { type: "int64", dims: [1, "T"] },
    ids: { type: "int32", dims: ["N", "K"] },
    weights: { type: "float32", dims: ["N", "K"] },
  });
  const batches = [...read.batches(questions)];
  expect(batches.map(({ positions }) => positions)).toEqual([[0], [1]]);
  batches.forEach(({ tensors }, index) => {
    const { ids, weights } = vectorize(questions[index] ?? { title: "", body: "" }, Vocabulary.read(bytes));
    expect(ids.length).toBeGreaterThan(1);
    expect(tensors["ids"]).toEqual({ data: ids, dims: [1, ids.length] });
    expect(tensors["weights"]).toEqual({ data: weights, dims: [1, weights.length] });
    expect(tensors["input_ids"]?.data).toBeInstanceOf(BigInt64Array);
  });
});

it("puts no separator before a field that is empty", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tokens-"));
  await copyFile(tokenizer, join(folder, "tokenizer.json"));
  const read = await tokensInput({ folder }, input, graphInputs);
  const idsOf = (body: string) => [...read.batches([{ title: "c#", body }])][0]?.tensors["input_ids"]?.data;
  // [CLS] c # [SEP], and then a b [SEP].
  expect(idsOf("")).toEqual(BigInt64Array.of(2n, 19n, 5n, 3n));
  expect(idsOf("a b")).toEqual(BigInt64Array.of(2n, 19n, 5n, 3n, 17n, 18n, 3n));
});
