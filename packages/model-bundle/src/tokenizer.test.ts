import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Tokenizer } from "./tokenizer.ts";

const json = await readFile(
  new URL("../../../examples/huggingface-classifier/tokenizer.json", import.meta.url),
  "utf8",
);
const maxTokens = 12;

/** What Python's tokenizers 0.23.3 makes of the same, cut to as many tokens. */
const encodings: [text: string, pair: string | undefined, ids: number[], typeIds: number[]][] = [
  ["Sort a list in Python", undefined, [2, 666, 17, 190, 111, 110, 3], [0, 0, 0, 0, 0, 0, 0]],
  ["Événement naïve C++ — ☕ データ", undefined, [2, 579, 655, 19, 7, 7, 43, 44, 424, 93, 3], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["C# or C++?", "a [SEP] b", [2, 19, 5, 234, 19, 7, 7, 3, 17, 3, 18, 3], [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]],
  ["Why is my C# event handler called twice in a loop", "short", [2, 322, 164, 386, 19, 5, 337, 3, 277, 106, 73, 3], [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]],
  ["short", "Why is my C# event handler called twice in a loop", [2, 277, 106, 73, 3, 322, 164, 386, 19, 5, 337, 3], [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]],
  ["Read a CSV file in Python line by line", "Call a C++ function from C# and wrap it", [2, 318, 17, 627, 258, 3, 251, 17, 19, 7, 7, 3], [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]],
];

describe("a tokenizer", () => {
  it.each(encodings)("reads %j with %j as Python's does", (text, pair, ids, typeIds) => {
    expect(new Tokenizer("tokenizer.json", json, maxTokens).encode(text, pair)).toEqual({ ids, typeIds });
  });

  it("reads a text of any length in bounded time: what can't be among its tokens isn't looked at", () => {
    const tokenizer = new Tokenizer("tokenizer.json", json, maxTokens);
    expect(tokenizer.encode("python ".repeat(1_000_000)).ids).toHaveLength(maxTokens);
  });

  it.each<[string, string, number, string]>([
    ["what is no JSON", "<html>", 12, "tokenizer.json is not a tokenizer that can be used: Unexpected token"],
    ["another JSON", "{}", 12, 'tokenizer.json is not a tokenizer that can be used: Tokenizer must contain a "model"'],
    ["a kind that isn't known", json.replaceAll('"type": "WordPiece"', '"type": "WordLevel"'), 12, "model.type is WordLevel"],
    ["a part that isn't known", json.replace("BertPreTokenizer", "Jieba"), 12, "Unknown PreTokenizer type: Jieba"],
    ["no room for a text", json, 2, "input.max_tokens: 2 tokens leave no room"],
  ])("refuses %s", (_, text, tokens, message) => {
    expect(() => new Tokenizer("tokenizer.json", text, tokens)).toThrow(message);
  });
});
