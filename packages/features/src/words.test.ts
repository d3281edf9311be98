import { expect, test } from "vitest";
import { words } from "./words.ts";

const texts = (title: string, body = ""): string[] => words({ title, body }).map((word) => word.text);

test("names of languages and frameworks stay whole, as programmers write them", () => {
  const names = "c c# c++ f# .net asp.net-mvc node.js objective-c python-3.x ruby-on-rails-3 vue.js $scope @override";
  expect(texts(names)).toEqual(names.split(" "));
});

test("punctuation around a name does not change it", () => {
  expect(texts("(C#), C++? .NET! node.js. [vue.js]; C#/F#")).toEqual("c# c++ .net node.js vue.js c# f#".split(" "));
});

test("one plus joins nothing to a name, nor does a hash before a word", () => {
  expect(texts("a+b c+ c#x")).toEqual(["a", "b", "c", "c", "#x"]);
});

test("what moderators append to a title is left out", () => {
  for (const mark of ["[closed]", "[duplicate]", " [on hold] ", "[Closed]"]) {
    expect(texts(`Sort a list ${mark}`)).toEqual(["sort", "a", "list"]);
  }
  expect(texts("How to tell [closed] intervals apart")).toContain("closed");
});

test("full-width, accented, decomposed and zero-width spellings read as the plain word", () => {
  expect(texts("Ｃ＃ café cafe\u0301 Stra\u00dfe py\u200bthon ÜBER")).toEqual([
    "c#",
    "cafe",
    "cafe",
    "straße",
    "python",
    "uber",
  ]);
  expect(texts("как 文字列 한글")).toEqual(["как", "文字列", "한글"]);
});

test("every word's span cuts it out of the raw title or body", () => {
  const question = {
    title: "Why &lt;C#&gt;?",
    body: '<p>Use <b>Ｎode.js</b> of <a href="https://developer.android.com/x">here</a> &amp; <code>a&lt;b&gt; $x</code></p>',
  };
  const cut = words(question).map(({ field, start, end }) => question[field].slice(start, end));
  expect(cut).toEqual(["Why", "C#", "Use", "Ｎode.js", "of", "developer.android.com", "here", "a", "b", "$x"]);
});

test("the last word that is read of a long body ends where reading it ends, however the rest goes on", () => {
  for (const [rest, last] of [
    ["gamma delta epsilon ".repeat(500), "gamma"],
    ["x".repeat(9_000), "xxxxx"],
    [`gamm&#97;${"b".repeat(9_000)}`, "gamm&#97;"],
  ] as const) {
    const body = `${"word ".repeat(1_199)}${rest}<code>more</code>`;
    const cut = words({ title: "", body }).map(({ start, end }) => body.slice(start, end));
    expect(cut.slice(1_199)).toEqual([last, "more"]);
  }
});

test("the last word of code whose backtick is never closed ends with its line", () => {
  const question = { title: "", body: "Use `foo\nand bar <b>or</b> `baz\n&lt;T&gt;" };
  const cut = words(question).map(({ start, end }) => question.body.slice(start, end));
  expect(cut).toEqual(["Use", "foo", "and", "bar", "or", "baz", "T"]);
});

test("entities are read as what they stand for", () => {
  expect(texts("", "a&hellip;b x &lt y")).toEqual(texts("", "a…b x lt y"));
  expect(texts("", "c&#35; c&#x2B;&#x2b; a&nbsp;b x&unknown;y &#0; &#99999999; &")).toEqual([
    "c#",
    "c++",
    "a",
    "b",
    "x",
    "unknown",
    "y",
  ]);
});
