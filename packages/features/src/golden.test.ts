import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { hashesOf } from "../test/hashes.ts";
import { FEATURE_VERSION, vectorize } from "./vectorize.ts";
import { Vocabulary } from "./vocabulary.ts";

/**
 * Training and serving must see the same bytes, today and after every change. If this test fails, either mend the change
 * or raise FEATURE_VERSION and train again: the shipped model was trained on exactly these features.
 */
const questions = [
  { title: "How to sort a list of tuples in Python 3.x?", body: "" },
  {
    title: "C#, C++/F#: call ASP.NET-MVC from Node.js &amp; Objective-C [duplicate]",
    body: "plain *text* with `code`",
  },
  {
    title: "Ｃ＃ – naïve “café” 文字列 \ud83d\ude00 py\u200bthon",
    body: '<p>See <a href="https://developer.android.com/ref?q=1">docs</a> &lt;b&gt;</p><pre><code>List&lt;String&gt; $x = @y;\n#include</code></pre>',
  },
  { title: "<unclosed", body: "<pre><code>for (;;) {} <pre> ``` <p" },
  { title: "the the the the", body: "a < b and List<String> > c\n```js\nlet x = 1;\n```\n\0\ud800" },
  { title: "", body: "" },
];

const hashes = questions.map(hashesOf);
const vocabulary = Vocabulary.read(
  Vocabulary.write([...new Set(hashes.flat())].map((hash) => ({ hash, weight: 1 + (hash % 64) / 16 }))),
);
const digest = (...arrays: readonly ArrayBufferView[]): string => {
  const sha = createHash("sha256");
  for (const array of arrays) sha.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return sha.digest("hex").slice(0, 16);
};

test("the bytes of hashes, ids and weights are those that the shipped model was trained on", () => {
  const golden = questions.map((question, index) => {
    const { ids, weights } = vectorize(question, vocabulary);
    return `${ids.length} ${digest(Uint32Array.from(hashes[index] ?? []))} ${digest(ids, weights)}`;
  });
  expect({ FEATURE_VERSION, golden }).toMatchInlineSnapshot(`
    {
      "FEATURE_VERSION": 1,
      "golden": [
        "128 f00cc0a4380deb38 f7493fa12b9f7f86",
        "182 2b2ff39857bf13bd e75487d56d947b26",
        "97 dfc6679cafbb8baa 99d9bdcbd906f142",
        "34 b0fd292d0d33edb3 2237a6c92644b114",
        "30 d20e60c47d9e45b2 675d527f7c71df7f",
        "1 e3b0c44298fc1c14 af5570f5a1810b7a",
      ],
    }
  `);
});

test("the vocabulary file has these bytes", () => {
  const rows = [
    { hash: 9, weight: 0.5 },
    { hash: 4, weight: 2 },
  ];
  expect(Buffer.from(Vocabulary.write(rows)).toString("hex")).toBe(
    "5447563103000000" + "000000000900000004000000" + "000000000000003f00000040",
  );
});
