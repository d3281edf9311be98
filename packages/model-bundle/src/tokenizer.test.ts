import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Tokenizer, type Encoding } from "./tokenizer.ts";

const json = await readFile(
  new URL("../../../examples/huggingface-classifier/tokenizer.json", import.meta.url),
  "utf8",
);
const maxTokens = 12;

/** What Python's tokenizers 0.23.3 makes of the same, cut to as many tokens. */
const encodings: [text: string, pair: string | undefined, encoding: Encoding][] = [
  ["Sort a list in Python", undefined, { ids: [2, 666, 17, 190, 111, 110, 3], typeIds: [0, 0, 0, 0, 0, 0, 0] }],
  [
    "Événement naïve C++ — ☕ データ",
    undefined,
    { ids: [2, 579, 655, 19, 7, 7, 43, 44, 424, 93, 3], typeIds: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
  ],
  [
    "C# or C++?",
    "a [SEP] b",
    { ids: [2, 19, 5, 234, 19, 7, 7, 3, 17, 3, 18, 3], typeIds: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1] },
  ],
  [
    "Why is my C# event handler called twice in a loop",
    "short",
    { ids: [2, 322, 164, 386, 19, 5, 337, 3, 277, 106, 73, 3], typeIds: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1] },
  ],
  [
    "short",
    "Why is my C# event handler called twice in a loop",
    { ids: [2, 277, 106, 73, 3, 322, 164, 386, 19, 5, 337, 3], typeIds: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1] },
  ],
  [
    "Read a CSV file in Python line by line",
    "Call a C++ function from C# and wrap it",
    { ids: [2, 318, 17, 627, 258, 3, 251, 17, 19, 7, 7, 3], typeIds: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1] },
  ],
];

/** The same with `truncation_side="left"`. */
const ends: typeof encodings = [
  [
    "Why is my C# event handler called twice in a loop, a Python list or a data frame",
    undefined,
    { ids: [2, 17, 643, 1, 17, 110, 190, 234, 17, 340, 635, 3], typeIds: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
  ],
  [
    "Why is my C# event handler called twice in a loop",
    "short",
    { ids: [2, 640, 328, 329, 111, 17, 643, 3, 277, 106, 73, 3], typeIds: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1] },
  ],
  [
    "Read a CSV file in Python line by line",
    "Call a C++ function from C# and wrap it",
    { ids: [2, 110, 332, 191, 332, 3, 19, 5, 218, 674, 231, 3], typeIds: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1] },
  ],
];

describe("a tokenizer", () => {
  it.each(encodings)("reads %j with %j as Python's does", (text, pair, encoding) => {
    expect(new Tokenizer("tokenizer.json", json, { maxTokens }).encode(text, pair)).toEqual(encoding);
  });

  it.each(ends)("that cuts the left side reads %j with %j as Python's does", (text, pair, encoding) => {
    expect(new Tokenizer("tokenizer.json", json, { maxTokens, side: "left" }).encode(text, pair)).toEqual(encoding);
  });

  it("that cuts the left side looks at the end of a text of any length", () => {
    const tokenizer = new Tokenizer("tokenizer.json", json, { maxTokens, side: "left" });
    expect(tokenizer.encode(`${"a ".repeat(1_000_000)}#`).ids.slice(-3)).toEqual([17, 5, 3]);
  });

  it("that puts nothing around texts reads the second one, too", () => {
    const bare = JSON.stringify({ ...(JSON.parse(json) as object), post_processor: { type: "ByteLevel" } });
    const encoding = { ids: [19, 5, 17], typeIds: [0, 0, 1] };
    expect(new Tokenizer("tokenizer.json", bare, { maxTokens }).encode("C#", "a")).toEqual(encoding);
  });

  it("looks at no more of a text than 32 characters a token, so that a long one holds up nobody", () => {
    const tokenizer = new Tokenizer("tokenizer.json", json, { maxTokens });
    const spaces = " ".repeat(32 * maxTokens);
    expect(tokenizer.encode(`${spaces.slice(1)}#`).ids).toEqual([2, 5, 3]);
    expect(tokenizer.encode(`${spaces}#`).ids).toEqual([2, 3]);
  });

  it.each<[string, string, string]>([
    ["what is no JSON", "<html>", "tokenizer.json is not a tokenizer that can be used: Unexpected token"],
    ["another JSON", "{}", 'tokenizer.json is not a tokenizer that can be used: Tokenizer must contain a "model"'],
    [
      "a kind that isn't known",
      json.replaceAll('"type": "WordPiece"', '"type": "WordLevel"'),
      "model.type is WordLevel",
    ],
    ["a part that isn't known", json.replace("BertPreTokenizer", "Jieba"), "Unknown PreTokenizer type: Jieba"],
  ])("refuses %s", (_, text, message) => {
    expect(() => new Tokenizer("tokenizer.json", text, { maxTokens })).toThrow(message);
  });

  it("without an id for what it doesn't know says so of a text, and quotes nothing of it", () => {
    const vocab = ["<s>", "a"].map((token) => [token, -1]);
    const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, added_tokens: [] };
    const unigram = JSON.stringify({ ...parts, model: { type: "Unigram", unk_id: null, vocab } });
    const tokenizer = new Tokenizer("tokenizer.json", unigram, { maxTokens });
    expect(tokenizer.encode("a").ids).toEqual([1]);
    expect(() => tokenizer.encode("secret")).toThrow(/^the tokenizer has no id for part of the text, and none/);
  });

  it("refuses a limit that leaves no room for a text", () => {
    expect(() => new Tokenizer("tokenizer.json", json, { maxTokens: 2 })).toThrow(
      "input.max_tokens: 2 tokens leave no room",
    );
  });
});
