import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Tokenizer } from "./tokenizer.ts";

/** As SentencePiece 0.2 compiles it of: ﬁ is "fi", A is "a", ～ is "~", e\u0301 is "é", \u200b and \r are blanks. */
const precompiled_charsmap = inflateSync(
  Buffer.from(
    "eNol03dsFkQYB+DrFwzyRxEQpGGjjAooMpXhZhuQqYiIFKGEJXs5Wy2zgAKyoTLKqJQlW7ZlbxBl76EgQwXFAerzwSVPfneXe3O53F3IFkJ4Ko" +
      "TY2BBtSRF2h0hINs6hn5QrElIfDyHzQXMPhGB5UprMLh9SkJPc5OJh8pCPvOTnEdbFR0KcLEgBClOIohShOMV4jEcpSQlKUwrbh3jKUoYnKEd5" +
      "nqTC/SOESlSkCpV5mqpU4xlqUJ1nqcnzPMeLvMDLvERtalGXOtSnHq/QgIbRmmox4VXZiCY0phlNaUFzXuc13qAlb9KKt2jN27Qhgba8Qzs60J" +
      "6OJNIpOpcSCV1kZ7rRle68S0960Jte9KUP/enHQAbwPu/xIR/wMR+RHL14PuUTBpHCEAYzjKGkMpyRjOAzRjGazxnLGMbxBRMYzyQmMoXJTGMq" +
      "X5LGDKYzi5nMJp25zCGDecznKxaQySIWsoTFLOVrlrOMlaxgNatYwzfR98haNrCeTWwki2/Zwma2sZUdbGcXO9nDbvaxlwPs5zsO8j2HOMwPHO" +
      "UIxznGSU5wmlOc5QznuREXEy7KC/zIJS7zEz9zhWtc5Vx6TLguf+UXbvIbv3OL2/zBX/zJP/zNXe7wH//e+3sJIbGTp5CVEf4HbEmMAw==",
    "base64",
  ),
).toString("base64");

/** A tokenizer that maps characters and knows a single text. */
function knowing(text: string, normalizer: object): Tokenizer {
  const model = { type: "WordPiece", unk_token: "?", continuing_subword_prefix: "##", vocab: { "?": 0, [text]: 1 } };
  const rest = { added_tokens: [], pre_tokenizer: null, post_processor: null, decoder: null };
  return new Tokenizer("tokenizer.json", JSON.stringify({ ...rest, model, normalizer }), { maxTokens: 8 });
}

describe("a tokenizer that maps characters", () => {
  /** As Python's tokenizers 0.23.3 does. */
  it.each([
    ["ﬁle", "file"],
    ["ABC", "aBC"],
    ["a\u200bb", "a b"],
    ["a\r\nb", "a b"],
    ["e\u0301", "é"],
    ["ﬁ\u0301n", "fin"],
    ["～", "~"],
    ["👩\u200d💻", "👩\u200d💻"],
    ["½", "½"],
  ])("reads %j as Python's does", (text, mapped) => {
    const precompiled = { type: "Precompiled", precompiled_charsmap };
    for (const normalizer of [precompiled, { type: "Sequence", normalizers: [precompiled] }]) {
      expect(knowing(mapped, normalizer).encode(text).ids).toEqual([1]);
    }
  });

  it("is refused where its map is cut short", () => {
    const cut = { type: "Precompiled", precompiled_charsmap: precompiled_charsmap.slice(0, 400) };
    expect(() => knowing("", cut)).toThrow(
      "tokenizer.json is not a tokenizer that can be used: precompiled_charsmap is cut short",
    );
  });
});
