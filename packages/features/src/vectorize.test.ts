import fc from "fast-check";
import { expect, test } from "vitest";
import { hashesOf } from "../test/hashes.ts";
import { type Question } from "./question.ts";
import { vectorize } from "./vectorize.ts";
import { Vocabulary } from "./vocabulary.ts";
import { words } from "./words.ts";

function vocabularyOf(question: Question): Vocabulary {
  const hashes = new Set(hashesOf(question));
  return Vocabulary.read(Vocabulary.write([...hashes].map((hash) => ({ hash, weight: 1 }))));
}

const question = { title: "Sort a list", body: "<p>Sort it</p><pre><code>list.sort()</code></pre>" };

test("each block has unit length, the title's characters and the prose one and a half", () => {
  const { weights } = vectorize(question, vocabularyOf(question));
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  expect(squares).toBeCloseTo(1 + 1.5 ** 2 + 1.5 ** 2 + 1, 4);
});

test("a question without a known feature reads as row 0 with no weight", () => {
  const empty = vectorize({ title: "", body: "" }, vocabularyOf(question));
  expect(empty).toEqual({ ids: new Int32Array([0]), weights: new Float32Array([0]) });
  expect(vectorize({ title: "ψ", body: "" }, vocabularyOf(question))).toEqual(empty);
});

test("a word is the same feature wherever it stands, weighed by its block", () => {
  const vocabulary = vocabularyOf({ title: "", body: "sort" });
  const weights = ["sort", "`sort`"].map((body) => vectorize({ title: "sort", body }, vocabulary));
  expect(weights).toEqual([
    { ids: new Int32Array([1, 1]), weights: new Float32Array([1, 1.5]) },
    { ids: new Int32Array([1, 1]), weights: new Float32Array([1, 1]) },
  ]);
});

test("a vector does not depend on what was vectorised before it", () => {
  const vocabulary = vocabularyOf(question);
  const first = vectorize(question, vocabulary);
  vectorize({ title: "Sort list sort list", body: "`list`" }, vocabulary);
  expect(vectorize(question, vocabulary)).toEqual(first);
});

test("a vocabulary of any size counts a word once, after a smaller one, too", () => {
  vectorize(question, vocabularyOf(question));
  const many = Array.from({ length: 9_000 }, (_, hash) => ({ hash: hash + 1, weight: 1 }));
  const [sort = 0] = hashesOf({ title: "", body: "sort" });
  const vocabulary = Vocabulary.read(Vocabulary.write([...many, { hash: sort, weight: 1 }]));
  expect([...vectorize({ title: "", body: "sort sort" }, vocabulary).ids]).toEqual([9_001]);
});

test("a word weighs more with every occurrence, however many there are", () => {
  const vocabulary = Vocabulary.read(
    Vocabulary.write(["sort", "list"].map((body) => ({ hash: hashesOf({ title: "", body })[0] ?? 0, weight: 1 }))),
  );
  const { weights } = vectorize({ title: "", body: `${"sort ".repeat(100)}list` }, vocabulary);
  expect((weights[0] ?? 0) / (weights[1] ?? 1)).toBeCloseTo(1 + Math.log(100), 4);
});

test("the first words of a long question are features as well as its last ones", () => {
  const title = "one ".repeat(250);
  const features = hashesOf({ title, body: "two ".repeat(1_500) });
  expect(features.length).toBeGreaterThan(4_096);
  expect(features.slice(0, 250)).toEqual(hashesOf({ title, body: "" }).slice(0, 250));
});

test("hostile bodies neither throw nor take more than their share", () => {
  const pieces = [
    "<",
    "<a",
    "<pre>",
    "</code>",
    "&",
    "&#",
    "`",
    "``` ",
    "a",
    "a.",
    "\0",
    "\ud800",
    "<a href='//x",
    "é\u0301",
    "++",
  ];
  const vocabulary = vocabularyOf(question);
  for (const piece of pieces) {
    const text = piece.repeat(100_000 / piece.length);
    const { ids } = vectorize({ title: text, body: text }, vocabulary);
    expect(ids.length, piece).toBeGreaterThan(0);
    expect(hashesOf({ title: text, body: text }).length, piece).toBeLessThan(40_000);
  }
});

const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        "<p>",
        "<pre>",
        "</pre>",
        "<code",
        ">",
        "&lt;",
        "&#",
        "`",
        "```",
        "c#",
        ".net",
        " ",
        "\n",
        "é",
        "İ",
        "ﬁ",
        "\ud83d",
        "x",
      ),
    )
    .map((parts) => parts.join("")),
);

test("whatever is written, words lie within their field, weights are finite, and the title's words are features", () => {
  fc.assert(
    fc.property(texts, texts, (title, body) => {
      const features = hashesOf({ title, body });
      for (const { field, start, end } of words({ title, body })) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual({ title, body }[field].length);
        if (field === "title") expect(features).toContain(hashesOf({ title: title.slice(start, end), body: "" })[0]);
      }
      const vocabulary = vocabularyOf({ title, body });
      const { ids, weights } = vectorize({ title, body }, vocabulary);
      expect(ids.length).toBeGreaterThanOrEqual(Math.max(1, vocabulary.size - 1));
      expect(weights.every(Number.isFinite)).toBe(true);
    }),
  );
});

test("a word cut out of the title by its span reads as that word", () => {
  fc.assert(
    fc.property(texts, (title) => {
      for (const { start, end, text } of words({ title, body: "" })) {
        expect(words({ title: title.slice(start, end), body: "" }).map((word) => word.text)).toEqual([text]);
      }
    }),
  );
});
