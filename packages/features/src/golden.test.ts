import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { featureSpans } from "./extract.ts";
import { readFields } from "./question.ts";
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

const hashes = questions.map((question) => featureSpans(readFields(question)).map(({ hash }) => hash));
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
        "130 e9eda9c67160de60 a24d9b94d41024e6",
        "183 7af57fbf22ac0ceb 8f6432f63626f48d",
        "99 aaaeb744bf99d4b2 d8d327a6d2d334d7",
        "34 c544e9ca55b6ab9c cb93c93bb71e64a2",
        "30 9b09521fcb7d0253 fe0f43ada19f8907",
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
    "5447563103000000" + "000000000400000009000000" + "00000000000000400000003f",
  );
});
