import { expect, test } from "vitest";
import { readFields } from "./question.ts";
import { type TextBuffer } from "./text-buffer.ts";

const plain = (text: TextBuffer): string => text.text(0, text.length).replace(/\s+/g, " ").trim();
const read = (body: string): { body: string; code: string } => {
  const fields = readFields({ title: "", body });
  return { body: plain(fields.body), code: plain(fields.code) };
};

test("<pre> and <code> are code, the rest is prose", () => {
  expect(read("<p>Call <code>foo()</code> in</p><pre><code>bar();\nbaz();</code></pre><p>please</p>")).toEqual({
    body: "call in please",
    code: "foo() bar(); baz();",
  });
});

test("Markdown's fences and backticks are code in a plain-text body", () => {
  expect(read("Call `foo()` in\n```js\nbar();\n```\nplease")).toEqual({
    body: "call in please",
    code: "foo() js bar();",
  });
});

test("a few backticks quote within a line, and none inside code", () => {
  expect(read("Call ``foo()\nplease")).toEqual({ body: "call please", code: "foo()" });
  expect(read("<pre>echo `date</pre> please")).toEqual({ body: "please", code: "echo `date" });
  expect(read("```a`b``` please")).toEqual({ body: "please", code: "a b" });
});

test("tags are read in capitals, too, and one that closes nothing does nothing", () => {
  expect(read("</code>Call <CODE>foo()</CODE> please")).toEqual({ body: "call please", code: "foo()" });
});

test("a title is read up to its thousandth character", () => {
  const { title } = readFields({ title: `${"x ".repeat(499)}yyy`, body: "" });
  expect(plain(title)).toBe(`${"x ".repeat(499)}yy`);
});

test("a stray backtick swallows one line at most", () => {
  expect(read("a ` b\nc").body).toBe("a c");
});

test("angle brackets that are no tags are text", () => {
  expect(read("a < b, List<String> and <b>bold</b> <")).toEqual({ body: "a < b, list<string> and bold <", code: "" });
});

test("an unclosed code block goes on to the end", () => {
  expect(read("x <pre>y <b>z</b>")).toEqual({ body: "x", code: "y z" });
});

test("a link is read as its text and its host", () => {
  expect(read('see <a href="https://www.laravel.com/docs?x=1" rel="nofollow">docs</a>').body).toBe(
    "see laravel.com docs",
  );
});
