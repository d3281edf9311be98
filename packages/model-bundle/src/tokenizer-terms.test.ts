import { describe, expect, it, vi } from "vitest";
import { Tokenizer } from "./tokenizer.ts";

/** A tokenizer that knows these tokens and no others. */
function knowing(tokens: readonly string[], parts: object): Tokenizer {
  const vocab = Object.fromEntries(["?", ...new Set(tokens)].map((token, id) => [token, id]));
  const model = { type: "WordPiece", unk_token: "?", continuing_subword_prefix: "##", vocab };
  const rest = { added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  return new Tokenizer("tokenizer.json", JSON.stringify({ ...rest, model, ...parts }), { maxTokens: 32 });
}

const idsOf = (tokens: readonly string[]): number[] => {
  const known = [...new Set(tokens)];
  return tokens.map((token) => known.indexOf(token) + 1);
};

const split = { type: "Split", pattern: { String: " " }, invert: false };
const letters = { type: "Split", pattern: { Regex: "[a-z]+" }, invert: true };

/** What Python's tokenizers 0.23.3 makes of the same. */
const pieces: [part: object, text: string, pieces: string[]][] = [
  [{ type: "Whitespace" }, "naïve c++ क\u200dष x_1", ["naïve", "c", "++", "क\u200dष", "x_1"]],
  [{ type: "WhitespaceSplit" }, "a\u0085b \ufeffc", ["a", "b", "\ufeffc"]],
  [{ type: "BertPreTokenizer" }, "f(x)\u0085y++", ["f", "(", "x", ")", "y", "+", "+"]],
  [{ type: "Punctuation" }, "c++ or c#", ["c", "+", "+", " or c", "#"]],
  [{ type: "Punctuation", behavior: "Isolated" }, "c++ or c#", ["c", "+", "+", " or c", "#"]],
  [{ type: "Punctuation", behavior: "Contiguous" }, "c++ or c#", ["c", "++", " or c", "#"]],
  [{ type: "Punctuation", behavior: "Removed" }, "c++ or c#", ["c", " or c"]],
  [{ type: "Punctuation", behavior: "MergedWithPrevious" }, "c++ or c#", ["c+", "+", " or c#"]],
  [{ type: "Punctuation", behavior: "MergedWithNext" }, "c++ or c#", ["c", "+", "+ or c", "#"]],
  [{ type: "Digits", individual_digits: false }, "a12²b", ["a", "12²", "b"]],
  [{ type: "Digits", individual_digits: true }, "a12²b", ["a", "1", "2", "²", "b"]],
  [{ type: "CharDelimiterSplit", delimiter: "|" }, "a||b", ["a", "b"]],
  [{ ...split, behavior: "Removed" }, "a  b", ["a", "b"]],
  [{ ...split, behavior: "MergedWithPrevious" }, "a  b", ["a ", " ", "b"]],
  [{ ...split, behavior: "MergedWithNext" }, "a  b", ["a", " ", " b"]],
  [{ ...split, behavior: "Contiguous" }, "a  b", ["a", "  ", "b"]],
  [{ ...letters, behavior: "Isolated" }, "a-bc", ["a", "-", "bc"]],
  [{ ...letters, behavior: "Removed" }, "a-bc", ["a", "bc"]],
  [{ type: "Metaspace", replacement: "▁", prepend_scheme: "never" }, "a  b", ["a", "▁", "▁b"]],
  [{ type: "ByteLevel", add_prefix_space: false }, "a \ufeffb \u0085c", ["a", "Ġï»¿", "b", "Ġ", "Âħ", "c"]],
];

describe("a tokenizer of other parts", () => {
  it.each(pieces)("cuts by %j as Python's does", (part, text, found) => {
    for (const pre_tokenizer of [part, { type: "Sequence", pretokenizers: [part] }]) {
      expect(knowing(found, { pre_tokenizer }).encode(text).ids).toEqual(idsOf(found));
    }
  });

  it.each([{ type: "Lowercase" }, { type: "BertNormalizer", lowercase: true }])(
    "lowers the case of a last sigma by %j as Python's does",
    (normalizer) => {
      expect(knowing(["ασ"], { normalizer }).encode("ΑΣ").ids).toEqual([1]);
    },
  );

  it.each([
    [true, true, "\ufeff a"],
    [true, false, "\ufeff a\u0085"],
    [false, true, "\u0085\ufeff a"],
  ])("trims blanks alone, left %s and right %s, as Python's does", (strip_left, strip_right, trimmed) => {
    const normalizer = { type: "Strip", strip_left, strip_right };
    expect(knowing([trimmed], { normalizer }).encode("\u0085\ufeff a\u0085").ids).toEqual([1]);
  });

  it("takes control characters out and makes blanks of others by Nmt, as Python's does", () => {
    const parts = { normalizer: { type: "Nmt" }, pre_tokenizer: { type: "WhitespaceSplit" } };
    expect(knowing(["ab", "c"], parts).encode("a\u0001\u007fb\u200bc\u2581c\ufffdab").ids).toEqual([1, 2, 2, 1]);
  });

  it("gives a second text the type that Python's does", () => {
    const post_processor = { type: "RobertaProcessing", sep: ["</s>", 2], cls: ["<s>", 1] };
    const tokenizer = knowing(["<s>", "</s>", "a", "b"], { post_processor });
    expect(tokenizer.encode("a").ids).toEqual([1, 3, 2]);
    expect(tokenizer.encode("a", "b")).toEqual({ ids: [1, 3, 2, 2, 4, 2], typeIds: [0, 0, 0, 0, 0, 0] });
  });

  it("finds a token that was added to it in a text of another case, as Python's does", () => {
    const added_tokens = [{ id: 7, content: "C++" }];
    const parts = { normalizer: { type: "Lowercase" }, pre_tokenizer: { type: "WhitespaceSplit" }, added_tokens };
    expect(knowing(["c", "or"], parts).encode("c or c++ or C++").ids).toEqual([1, 2, 7, 2, 7]);
  });

  it.each([
    { type: "BPE", unk_token: "?", fuse_unk: true, vocab: { "?": 0, a: 1 }, merges: [] },
    {
      type: "Unigram",
      unk_id: 0,
      vocab: [
        ["?", 0],
        ["a", -1],
      ],
    },
  ])("joins unknown letters of a word, and no words, by %j as Python's does", (model) => {
    expect(knowing([], { model, pre_tokenizer: { type: "WhitespaceSplit" } }).encode("éé à a").ids).toEqual([0, 0, 1]);
  });

  it("looks up of a long word of unknown letters no more than its letters", () => {
    const model = { type: "Unigram", unk_id: 0, vocab: [["?", 0]] };
    const tokenizer = knowing([], { model });
    const lookUps = vi.spyOn(Map.prototype, "get");
    expect(tokenizer.encode("é".repeat(900)).ids).toEqual([0]);
    const characters = lookUps.mock.calls.reduce((sum, [key]) => sum + String(key).length, 0);
    lookUps.mockRestore();
    expect(characters).toBeLessThan(20_000);
  });

  it("spells what it doesn't know in bytes, if it knows all of them, as Python's does", () => {
    const vocab = ["?", "a", "<0xC3>", "<0xA9>"].map((token) => [token, -1]);
    const model = { type: "Unigram", unk_id: 0, byte_fallback: true, vocab };
    expect(knowing([], { model }).encode("aéa").ids).toEqual([1, 2, 3, 1]);
    expect(knowing([], { model }).encode("aà").ids).toEqual([1, 0]);
  });

  it.each([
    [{ ...letters, behavior: "MergedWithNext" }, "Unknown Split"],
    [{ ...split, behavior: "MergedWithNext", invert: true }, "Unknown Split"],
    [{ ...split, behavior: "Sideways" }, "Unknown Split"],
  ])("is refused where %j can't be read so", (pre_tokenizer, message) => {
    expect(() => knowing([], { pre_tokenizer })).toThrow(
      `tokenizer.json is not a tokenizer that can be used: ${message}`,
    );
  });

  it("is refused where an added token is to be found as a word alone", () => {
    const added_tokens = [{ id: 7, content: "C++", single_word: true }];
    expect(() => knowing([], { added_tokens })).toThrow('added_tokens: single_word, as of "C++", is not supported');
  });

  it("is refused where parts of words have a mark of their own in pairs of bytes", () => {
    const model = { type: "BPE", vocab: { a: 0 }, merges: [], continuing_subword_prefix: "##" };
    expect(() => knowing([], { model })).toThrow("model.continuing_subword_prefix is not supported");
  });
});
